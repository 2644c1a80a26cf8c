#![deny(unused_variables, unused_mut, dead_code, unreachable_code)]

use otel_runtime::traced;

#[traced]
fn unused(a: u32) {}

#[traced]
async fn unused_async(a: u32, (b, c): (u32, u32)) -> u32 {
    c
}

#[traced]
fn unused_of_result(mut a: u32) -> Result<u32, ()> {
    Ok(a)
}

#[traced]
fn dead() {}

#[traced]
async fn unreachable() -> u32 {
    return 1;
    2
}

fn main() {
    unused(1);
    let _ = (unused_async(1, (2, 3)), unused_of_result(1), unreachable());
}
