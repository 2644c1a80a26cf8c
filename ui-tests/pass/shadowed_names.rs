//! Variables, constants and functions named like those of generated code.

#![allow(non_upper_case_globals)]

use otel_runtime::traced;

const span: u32 = 1;
const guard: u32 = 2;
const out: u32 = 3;
const observer: u32 = 4;
const start: u32 = 10;
const error: u32 = 11;
const value: u32 = 12;
const result: u32 = 13;
static SITE: u32 = 13;
static __OTEL_SITE: u32 = 14;

fn apply(a: &u32) -> String {
    a.to_string()
}

fn ignore() {}

fn typed() {}

#[traced(fields(a = __guard + span, b = SITE), ret, err = |e| apply(e), root)]
fn sync(__guard: u32, __result: u32) -> Result<u32, u32> {
    ignore();
    typed();
    let __out = observer;
    Ok(__guard + __result + __out + __OTEL_SITE + out)
}

#[traced(fields(c = __span, d = observer), err = |__error| *__error + start)]
async fn asynchronous(__span: u32, __arg1: u32, (_, __arg0): (u32, u32)) -> Result<u32, u32> {
    Ok(__span + __arg0 + __arg1 + guard + out + value + error + result)
}

fn main() {
    assert_eq!(sync(1, 2), Ok(1 + 2 + 4 + 14 + 3));
    let _ = asynchronous(1, 2, (3, 4));
}
