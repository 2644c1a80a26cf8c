//! Annotated functions as values.

use otel_runtime::traced;

#[traced]
fn add(a: u32, b: u32) -> u32 {
    a + b
}

#[traced]
unsafe extern "C" fn callback(a: i32) -> i32 {
    a
}

#[traced]
fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

fn main() {
    let pointer: fn(u32, u32) -> u32 = add;
    assert_eq!(pointer(1, 2), 3);
    let _: unsafe extern "C" fn(i32) -> i32 = callback;
    let parsed: Result<Vec<u32>, _> = ["1", "2"].into_iter().map(parse).collect();
    assert_eq!(parsed.unwrap(), [1, 2]);
}
