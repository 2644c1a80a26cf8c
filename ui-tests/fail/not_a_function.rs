use otel_runtime::traced;

#[traced]
struct S;

#[traced]
mod m {}

#[traced]
const C: u32 = 1;

#[traced]
static F: fn() = main;

#[traced]
use std::fmt;

#[traced]
enum E {}

fn main() {}
