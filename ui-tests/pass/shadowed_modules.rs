//! Modules named like the crates that generated code needs.

#![allow(dead_code)]

mod core {}
mod std {}
mod alloc {}
mod otel_runtime {}
mod inventory {}
mod probe {}

use ::otel_runtime::traced;

#[traced(fields(a))]
fn sync(a: u32) -> Result<u32, ()> {
    Ok(a)
}

#[traced]
async fn asynchronous(a: u32) -> Result<u32, ()> {
    Ok(a)
}

#[traced]
async fn never() -> ! {
    loop {}
}

fn main() {
    sync(1).unwrap();
    let _ = (asynchronous(1), never());
}
