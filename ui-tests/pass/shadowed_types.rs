//! Types, traits and variants named like those of the prelude.

#![allow(dead_code, non_camel_case_types)]

use otel_runtime::traced;

struct Option;
struct Some;
struct None;
struct Ok;
struct Err;
struct Box;
struct String;
struct str;
struct u32;
struct bool;
struct usize;
trait Fn {}
trait FnOnce {}
trait Future {}
trait Send {}
trait Drop {}
trait Iterator {}
struct Guard;
struct Span;
struct Site;
struct Probe;

type Result = ::std::result::Result<u8, ::std::fmt::Error>;

#[traced(fields(a), ret)]
fn sync(a: u8) -> Result {
    ::std::result::Result::Ok(a)
}

#[traced]
async fn asynchronous(a: u8) -> Result {
    ::std::result::Result::Ok(a)
}

#[traced(none = error)]
fn option() -> ::std::option::Option<u8> {
    ::std::option::Option::None
}

fn main() {
    let _ = (sync(1), asynchronous(1), option());
}
