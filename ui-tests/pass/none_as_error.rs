//! `none = error`.

use otel_runtime::traced;

#[traced(none = error)]
fn find(a: u32) -> Option<u32> {
    (a > 1).then_some(a)
}

#[traced(none = error, ret)]
async fn find_async(a: &str) -> Option<&str> {
    a.get(1..)
}

fn main() {
    assert_eq!(find(1), None);
    let _ = find_async("a");
}
