#![no_implicit_prelude]
#![deny(missing_docs, unused, clippy::pedantic)]
#![forbid(unsafe_op_in_unsafe_fn)]
//! Every shape of a counted function, where hardly a name is in scope.

use ::otel_runtime::{Label, metered, traced};
use ::std::boxed::Box;
use ::std::clone::Clone;
use ::std::convert::Into;
use ::std::fmt::Error;
use ::std::future::Future;
use ::std::marker::{Copy, Send};
use ::std::option::Option;
use ::std::pin::Pin;
use ::std::result::Result;
use ::std::string::String;

/// Named like what the expansion uses.
#[derive(Label)]
pub enum Calls {
    /// The one.
    Site,
    /// The other.
    Meter,
}

/// Not to be taken for what the expansion means.
pub const CONSTRUCTOR: bool = true;

#[metered]
fn plain(a: u32) -> u32 {
    a + 1
}

#[metered(labels(calls, constant = CONSTRUCTOR), counter("sizes", by = text.len()))]
fn labelled(calls: Calls, text: &str) -> (Calls, &str) {
    (calls, text)
}

#[metered(labels(calls))]
fn borrowed<'a>(calls: &'a Calls, mut text: String) -> Result<&'a Calls, Error> {
    text.push('a');
    ::std::result::Result::Ok(calls)
}

#[metered(labels(calls: Calls = calls.into()))]
fn generic<C: Into<Calls> + Copy, const N: usize>(calls: C) -> Result<[C; N], Box<dyn ::std::error::Error>> {
    ::std::result::Result::Ok([calls; N])
}

#[metered(labels(first = a), counter("generic.errors", by = |value| *value))]
fn generic_error<E>((a, _): (bool, u8), error: Option<E>) -> Result<u32, E> {
    match error {
        ::std::option::Option::Some(error) => ::std::result::Result::Err(error),
        ::std::option::Option::None => ::std::result::Result::Ok(1),
    }
}

#[metered(in_flight)]
async fn asynchronous(_: u32, text: &str) -> Result<usize, Error> {
    ::std::result::Result::Ok(text.len())
}

#[metered]
async fn never() -> ! {
    loop {}
}

#[metered]
fn returned(a: u32) -> impl Future<Output = u32> + Send {
    async move { a }
}

#[metered(labels(big = *a > 1))]
fn boxed<'a>(a: &'a u32) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
    if *a == 7 {
        return Box::pin(async { 7 });
    }
    Box::pin(async move { *a })
}

#[metered]
#[track_caller]
fn tracked(text: &str) -> Result<u32, ::std::num::ParseIntError> {
    let value = text.parse()?;
    ::std::result::Result::Ok(value)
}

#[metered(none = error)]
fn absent() -> Option<u32> {
    ::std::option::Option::None
}

#[traced(args(a), ret)]
#[metered(labels(even = a % 2 == 0))]
fn stacked(a: u32) -> Result<u32, Error> {
    ::std::result::Result::Ok(a)
}

struct Shop<E>(bool, Option<E>);

#[metered(labels(open: bool = self.0))]
#[traced]
impl<E: Clone> Shop<E> {
    fn method(&self) -> Result<(), E> {
        match &self.1 {
            ::std::option::Option::Some(error) => ::std::result::Result::Err(error.clone()),
            ::std::option::Option::None => ::std::result::Result::Ok(()),
        }
    }

    async fn asynchronous(&mut self, _a: &E) -> Result<(), Error> {
        ::std::result::Result::Ok(())
    }
}

#[metered]
trait Shops {
    type Error;

    fn method(&self) -> Result<(), Self::Error>;

    fn given(&self) -> Result<(), Self::Error> {
        self.method()
    }
}

impl Shops for u8 {
    type Error = Error;

    #[metered(runtime = ::otel_runtime)]
    fn method(&self) -> Result<(), Self::Error> {
        ::std::result::Result::Ok(())
    }
}

impl ::std::convert::From<u8> for Calls {
    fn from(_: u8) -> Self {
        Self::Meter
    }
}

fn main() {
    let _ = (plain(1), labelled(Calls::Site, "a"), borrowed(&Calls::Meter, String::new()));
    let _ = (generic::<u8, 1>(1), generic_error((true, 1), ::std::option::Option::Some(1)));
    let _ = (asynchronous(1, "a"), never(), returned(1), boxed(&1), boxed(&7));
    let _ = (tracked("1"), absent(), stacked(1));
    let mut shop = Shop(true, ::std::option::Option::Some(1));
    let _ = (shop.method(), shop.asynchronous(&1));
    let _ = (Shops::method(&1_u8), 1_u8.given());
}
