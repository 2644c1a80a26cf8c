#![deny(unused_must_use)]

use otel_runtime::traced;

#[traced]
async fn f() {}

#[must_use]
#[traced]
fn g() -> u32 {
    1
}

#[traced]
fn h() -> Result<u32, ()> {
    Ok(1)
}

fn main() {
    f();
    g();
    h();
}
