//! A crate without `unsafe`, and lints that nobody may change.

#![forbid(unsafe_code, unreachable_code, unused_imports, unused_variables, dead_code)]

use otel_runtime::{event, metered, set_attributes, span, traced};

#[traced(fields(a, late = _), ret)]
fn sync(a: u32) -> Result<u32, std::fmt::Error> {
    set_attributes!(late = 1);
    event!("event");
    let _span = span!("span", a);
    Ok(a)
}

#[track_caller]
#[traced]
fn tracked(a: u32) -> Result<u32, std::fmt::Error> {
    sync(a)?;
    Ok(a)
}

#[traced]
async fn asynchronous(a: u32) -> Result<u32, std::fmt::Error> {
    sync(a)
}

#[metered(labels(even = a % 2 == 0), in_flight, counter("a", by = |a| *a))]
fn counted(a: u32) -> Result<u32, std::fmt::Error> {
    Ok(a)
}

#[metered]
fn counted_of_another_error(a: u32) -> Result<u32, Box<u8>> {
    Ok(a)
}

#[traced]
#[metered(histogram("a.size", value = a))]
async fn both(a: u32) -> Result<u32, std::fmt::Error> {
    Ok(a)
}

fn main() {
    counted(1).unwrap();
    counted_of_another_error(1).unwrap();
    let _ = both(1);
    sync(1).unwrap();
    tracked(1).unwrap();
    let _ = asynchronous(1);
}
