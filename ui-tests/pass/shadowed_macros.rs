//! Macros named like those of the standard library.

#![allow(unused_macros)]

use otel_runtime::traced;

macro_rules! line { ($($x:tt)*) => { compile_error!("the user's") }; }
macro_rules! file { ($($x:tt)*) => { compile_error!("the user's") }; }
macro_rules! column { ($($x:tt)*) => { compile_error!("the user's") }; }
macro_rules! module_path { ($($x:tt)*) => { compile_error!("the user's") }; }
macro_rules! format_args { ($($x:tt)*) => { compile_error!("the user's") }; }
macro_rules! concat { ($($x:tt)*) => { compile_error!("the user's") }; }
macro_rules! env { ($($x:tt)*) => { compile_error!("the user's") }; }
macro_rules! register { ($($x:tt)*) => { compile_error!("the user's") }; }

#[traced(fields(a, ?b))]
fn sync(a: u32, b: u32) -> Result<u32, ()> {
    Ok(a + b)
}

#[traced]
async fn asynchronous() {}

fn main() {
    sync(1, 2).unwrap();
    let _ = asynchronous();
}
