//! Lints that the bare function does not raise are not raised.

#![deny(warnings, unused, unused_braces, unused_mut, unreachable_code)]

use otel_runtime::traced;

#[traced]
async fn used_in_text_only(name: &str) -> String {
    format!("{name}")
}

#[traced]
fn used_in_text_of_result(name: &str, width: usize) -> Result<String, ()> {
    Ok(format!("{name:>width$}"))
}

#[traced]
async fn mutated_in_a_closure(mut a: u32) -> u32 {
    let mut change = || a += 1;
    change();
    a
}

#[traced]
fn mutated_of_result(mut a: u32, (mut b, c): (u32, u32)) -> Result<u32, ()> {
    a += c;
    b += a;
    Ok(b)
}

#[traced]
async fn ends_in_a_loop() -> u32 {
    loop {
        break 1;
    }
}

#[traced]
async fn diverges() {
    unreachable!()
}

#[traced]
fn diverges_of_result() -> Result<(), ()> {
    unreachable!()
}

#[traced]
async fn single_expression(a: u32) -> u32 { a }

#[traced]
fn single_expression_sync(a: u32) -> u32 { a }

#[traced]
fn single_expression_of_result(a: u32) -> Result<u32, ()> { Ok(a) }

#[track_caller]
#[traced]
fn single_expression_tracked(a: u32) -> Result<u32, ()> { Ok(a) }

#[traced]
fn single_expression_returned(a: u32) -> impl Future<Output = u32> { async move { a } }

#[traced]
fn single_expression_other(a: u32) -> impl Future<Output = u32> { std::future::ready(a) }

#[traced]
async fn items_first() -> u32 {
    use std::cmp::max;
    const LIMIT: u32 = 3;
    fn inner() -> u32 {
        LIMIT
    }
    max(inner(), 1)
}

#[traced]
async fn shadows(a: u32) -> u32 {
    let a = a + 1;
    a
}

#[traced(fields(a))]
async fn used_by_a_field(a: u32) {}

#[traced]
fn underscore(_a: u32, _: u32) -> Result<(), ()> {
    Ok(())
}

fn main() {
    let _ = (used_in_text_only("a"), used_in_text_of_result("a", 1), mutated_in_a_closure(1));
    let _ = (mutated_of_result(1, (2, 3)), ends_in_a_loop(), diverges(), diverges_of_result as fn() -> _);
    let _ = (single_expression_sync(1), single_expression_of_result(1), single_expression_tracked(1));
    let _ = (single_expression_returned(1), single_expression_other(1));
    let _ = (single_expression(1), items_first(), shadows(1), used_by_a_field(1), underscore(1, 2));
}
