use otel_runtime::traced;

#[traced(err = |e| 1)]
fn f() -> u32 {
    1
}

#[traced(ok_if = |e| true)]
async fn g() -> Option<u32> {
    None
}

fn main() {}
