//! What the value of an open label is.
//!
//! Generated code asks without knowing the type: it calls a method on a [`Probe`] behind several
//! references, and the compiler takes the first implementation that fits.

use super::super::instrument;
use super::interner::Interner;
use super::series::Series;
use super::value::{OpenValue, Value};

/// The value of an open label.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// What generated code brings into scope: the methods, and no name.
pub mod traits {
    pub use super::{ByText as _, ByValue as _};
}

/// Of what is a value of an open label.
pub trait ByValue<'a> {
    /// The value.
    fn open_value(&self) -> Value<'a>;
}

impl<'a, T: OpenValue + ?Sized> ByValue<'a> for &&Probe<'a, T> {
    #[inline]
    fn open_value(&self) -> Value<'a> {
        self.0.open_value()
    }
}

/// Of what has a text.
pub trait ByText<'a> {
    /// The value.
    fn open_value(&self) -> Value<'a>;
}

impl<'a, T: AsRef<str> + ?Sized> ByText<'a> for &Probe<'a, T> {
    #[inline]
    fn open_value(&self) -> Value<'a> {
        Value::from(self.0.as_ref())
    }
}

impl<'a, T: ?Sized> Probe<'a, T> {
    /// Of anything else: that tells what is missing.
    pub fn open_value(&self) -> Value<'a>
    where
        T: OpenValue,
    {
        self.0.open_value()
    }
}

/// The series of these values and of known ones. While nothing is counted, no place is given to
/// any.
#[inline]
pub fn series(interner: &Interner, known: Series, values: &[Value<'_>]) -> Series {
    if instrument::is_on() {
        interner.series(known.number(), values)
    } else {
        Series::OVERFLOW
    }
}
