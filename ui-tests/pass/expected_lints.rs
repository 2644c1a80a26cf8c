//! Lints that the bare function raises are still raised: every `expect` is fulfilled.

#![deny(unfulfilled_lint_expectations)]
#![warn(unused_braces, unused_mut, unused_variables, unused_must_use, unreachable_code)]

use otel_runtime::traced;

#[expect(unused_variables)]
#[traced]
fn unused(a: u32) {}

#[expect(unused_variables)]
#[traced]
fn unused_of_result(a: u32) -> Result<(), ()> {
    Ok(())
}

#[expect(unused_variables)]
#[traced]
async fn unused_async(a: u32, b: String) -> u32 {
    b.len() as u32
}

#[expect(unused_variables)]
#[traced]
async fn unused_in_pattern((a, b): (u32, String)) -> u32 {
    b.len() as u32
}

#[expect(unused_mut)]
#[traced]
async fn not_mutated(mut a: u32) -> u32 {
    a
}

#[expect(unused_mut)]
#[traced]
fn not_mutated_of_result(mut a: u32) -> Result<u32, ()> {
    Ok(a)
}

#[expect(unused_mut, unused_variables)]
#[traced]
async fn mutable_and_unused(mut a: u32) {}

#[expect(unused_parens)]
#[traced]
async fn parens(a: u32) -> u32 {
    let b = (a);
    b
}

#[expect(unused_must_use)]
#[traced]
async fn must_use() {
    unused_of_result(1);
}

#[expect(unreachable_code)]
#[traced]
async fn unreachable() -> u32 {
    return 1;
    2
}

#[expect(unreachable_code)]
#[traced]
fn unreachable_of_result() -> Result<u32, ()> {
    return Ok(1);
    Ok(2)
}

#[expect(unused_assignments)]
#[traced]
async fn assigned(mut a: u32) -> u32 {
    a = 1;
    a = 2;
    a
}

#[expect(dead_code)]
#[traced]
fn never_called() {}

#[expect(clippy::needless_return)]
#[traced]
fn only_clippy_knows() -> Result<u32, ()> {
    return Ok(1);
}

#[expect(non_snake_case)]
#[traced]
fn name(Argument: u32) -> Result<u32, ()> {
    Ok(Argument)
}

fn main() {
    unused(1);
    let _ = (unused_async(1, "".into()), unused_in_pattern((1, "".into())), not_mutated(1));
    let _ = (not_mutated_of_result(1), mutable_and_unused(1), parens(1), must_use(), unreachable());
    let _ = (unreachable_of_result(), assigned(1), only_clippy_knows(), name(1));
}
