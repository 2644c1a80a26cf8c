#![no_implicit_prelude]
#![deny(missing_docs, unused, clippy::pedantic)]
//! Every shape of an error type that says what it means, where hardly a name is in scope.

use ::otel_runtime::Classify;
use ::std::assert_eq;
use ::std::boxed::Box;
use ::std::clone::Clone;
use ::std::convert::Into;

/// Named like what the expansion uses.
#[derive(Classify)]
pub enum Class {
    /// A variant that says nothing.
    Code,
    /// A variant with everything.
    #[classify(timeout, code = CODE, retryable = false, fault = caller, severity = info, expected)]
    Retry {
        /// Not looked at.
        fault: u8,
    },
    /// Behind a function.
    #[classify(with = meaning)]
    Fault(u8, u8),
    /// A raw name.
    #[classify(internal)]
    r#Type,
}

const CODE: &str = "CODE";

fn meaning(_: &Class) -> ::otel_runtime::class::Classification<'_> {
    ::otel_runtime::class::Classification::new(::otel_runtime::class::Class::Aborted, "F")
}

/// Nothing at all.
#[derive(Classify)]
pub enum Never {}

/// With lifetimes, parameters and constants.
#[derive(Classify)]
pub enum Generic<'a, T: Clone, const N: usize>
where
    T: 'a,
{
    /// A reference.
    #[classify(source)]
    Borrowed(&'a T),
    /// A box of something else.
    #[classify(source)]
    Boxed(Box<dyn ::std::error::Error + 'a>),
    /// An array.
    #[classify(out_of_range)]
    Array([T; N]),
}

/// A unit.
#[derive(Classify)]
#[classify(network)]
pub struct Unit;

/// A wrapper.
#[derive(Classify)]
#[classify(source, retryable)]
pub struct Wrapper(#[classify(source)] pub ::std::io::Error, pub u8);

/// With the path to the runtime.
#[derive(Classify)]
#[classify(internal, runtime = ::otel_runtime)]
pub struct Elsewhere;

fn main() {
    assert_eq!(Class::Code.classify().code, "Code");
    assert_eq!(Class::Retry { fault: 1 }.classify().code, "CODE");
    assert_eq!(Class::Fault(1, 2).classify().code, "F");
    assert_eq!(Class::r#Type.classify().code, "Type");
    assert_eq!(Unit.classify().code, "Unit");
    assert_eq!(Elsewhere.classify().code, "Elsewhere");
    let generic: Generic<'_, ::std::fmt::Error, 1> = Generic::Borrowed(&::std::fmt::Error);
    assert_eq!(generic.classify().code, "fmt::Error");
    let wrapper = Wrapper(::std::io::ErrorKind::NotFound.into(), 1);
    assert_eq!(wrapper.classify().code, "io::NotFound");
    ::std::assert!(wrapper.classify().retry.may_help());
}
