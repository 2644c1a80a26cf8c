//! Warnings are errors, all of them.

#![deny(missing_docs, unused, warnings, nonstandard_style, future_incompatible)]
#![deny(clippy::all, clippy::pedantic, unused_qualifications)]
#![deny(rust_2018_idioms, rust_2021_compatibility, rust_2024_compatibility)]
#![deny(unreachable_pub, missing_debug_implementations, missing_copy_implementations)]
#![deny(elided_lifetimes_in_paths, explicit_outlives_requirements, single_use_lifetimes)]
#![deny(trivial_casts, trivial_numeric_casts, unused_import_braces, unused_results)]
#![deny(unused_lifetimes, variant_size_differences, unsafe_code, unused_crate_dependencies)]
#![allow(unused_crate_dependencies)] // the others that the test crate depends on

use otel_runtime::{event, metered, set_attributes, span, traced};

#[traced(fields(a, b = %a, c = _), ret, err = |error| error.to_string(), ok_if = |_| false)]
fn sync(a: u32) -> Result<u32, std::fmt::Error> {
    set_attributes!(c = 1);
    event!("event", a);
    let mut inner = span!("inner", a);
    inner.in_scope(|| ());
    if a == 0 {
        return Ok(1);
    }
    Ok(a)
}

#[traced(args(?a), busy, links(None::<otel_runtime::Link>))]
async fn asynchronous(a: &str, _unused: u32, (b, _): (u32, u32)) -> Result<u32, std::fmt::Error> {
    std::future::ready(()).await;
    Ok(b)
}

#[metered(
    labels(even = a % 2 == 0, first = pair.0),
    in_flight,
    name = "strict",
    buckets(1, 2),
    counter("a", by = |a| *a),
    histogram("size", value = a),
    slo(success = 99)
)]
fn counted(a: u32, pair: (bool, u32)) -> Result<u32, std::fmt::Error> {
    Ok(a + pair.1)
}

#[metered(labels(big = a > 1))]
#[traced]
async fn both(mut a: u32, _unused: u32, (b, _): (u32, u32)) -> Result<u32, std::fmt::Error> {
    a += b;
    std::future::ready(()).await;
    Ok(a)
}

#[metered]
fn counted_panics() -> u32 {
    panic!("on purpose")
}

#[metered]
async fn counted_never() -> ! {
    std::future::pending().await
}

#[traced]
async fn loops() -> u32 {
    loop {
        std::future::ready(()).await;
    }
}

#[traced]
fn panics() -> u32 {
    panic!("on purpose")
}

#[traced]
fn panics_with_result() -> Result<u32, ()> {
    panic!("on purpose")
}

#[track_caller]
#[traced]
fn tracked_panics() -> Result<u32, ()> {
    panic!("on purpose")
}

#[traced]
async fn panics_async(_a: String) -> u32 {
    panic!("on purpose")
}

#[traced]
fn never() -> ! {
    std::process::exit(0)
}

#[traced]
async fn never_async() -> ! {
    std::future::pending().await
}

#[derive(Debug, Clone, Copy)]
struct Service;

#[traced]
impl Service {
    fn method(self) -> u32 {
        sync(1).unwrap_or(2)
    }
}

fn main() {
    let _ = Service.method();
    let _ = (asynchronous("a", 1, (1, 2)), loops(), panics_async(String::new()), never_async());
    let _ = (counted(1, (true, 1)), both(1, 2, (3, 4)), counted_never());
    let _: fn() -> u32 = panics;
    let _: fn() -> u32 = counted_panics;
    let _ = [panics_with_result, tracked_panics];
    never()
}
