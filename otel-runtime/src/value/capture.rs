//! Which types can be the value of a field.

use std::borrow::Cow;
use std::num::NonZero;
use std::rc::Rc;
use std::sync::Arc;

use super::{Element, Sink};

/// A type whose values can be recorded as they are, without formatting.
///
/// Implemented for whole and floating-point numbers, `bool`, `char`, strings,
/// slices, arrays and vectors of those, [`Option`] of any of them (`None`
/// records nothing), and references and smart pointers to them. A whole number
/// that does not fit an `i64` is recorded as decimal text.
///
/// ```
/// use otel_runtime::value::{Capture, Sink};
///
/// struct Celsius(f64);
///
/// impl Capture for Celsius {
///     fn capture(&self, sink: &mut Sink<'_>) {
///         sink.double(self.0);
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be recorded as a field as it is",
    label = "not a number, `bool`, string, or an `Option` or array of those",
    note = "write `%` before the expression to record it as `Display` formats it, or `?` for `Debug`",
    note = "or implement `otel_runtime::value::Capture` for `{Self}`"
)]
pub trait Capture {
    /// Writes the value to the sink, at most once; nothing if there is nothing to record.
    fn capture(&self, sink: &mut Sink<'_>);
}

macro_rules! small_ints {
    ($($int:ty)*) => {$(
        impl Capture for $int {
            #[inline]
            fn capture(&self, sink: &mut Sink<'_>) {
                sink.int(i64::from(*self));
            }
        }
    )*};
}

macro_rules! big_ints {
    ($($int:ty)*) => {$(
        impl Capture for $int {
            #[inline]
            fn capture(&self, sink: &mut Sink<'_>) {
                match i64::try_from(*self) {
                    Ok(value) => sink.int(value),
                    Err(_) => sink.format(format_args!("{self}")),
                }
            }
        }
    )*};
}

macro_rules! non_zero {
    ($($int:ty)*) => {$(
        impl Capture for NonZero<$int> {
            #[inline]
            fn capture(&self, sink: &mut Sink<'_>) {
                self.get().capture(sink);
            }
        }
    )*};
}

small_ints!(i8 i16 i32 i64 u8 u16 u32);
big_ints!(isize i128 u64 usize u128);
non_zero!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl Capture for bool {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.bool(*self);
    }
}

impl Capture for f32 {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.double(f64::from(*self));
    }
}

impl Capture for f64 {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.double(*self);
    }
}

impl Capture for char {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.str(self.encode_utf8(&mut [0; 4]));
    }
}

impl Capture for str {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.str(self);
    }
}

impl Capture for String {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.str(self);
    }
}

impl<T: Capture> Capture for Option<T> {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        if let Some(value) = self {
            value.capture(sink);
        }
    }
}

impl<T: Element> Capture for [T] {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        T::capture_all(self, sink);
    }
}

impl<T: Element, const N: usize> Capture for [T; N] {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        T::capture_all(self, sink);
    }
}

impl<T: Element> Capture for Vec<T> {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        T::capture_all(self, sink);
    }
}

macro_rules! pointers {
    ($($pointer:ty)*) => {$(
        impl<T: Capture + ?Sized> Capture for $pointer {
            #[inline]
            fn capture(&self, sink: &mut Sink<'_>) {
                T::capture(self, sink);
            }
        }
    )*};
}

pointers!(&T &mut T Box<T> Rc<T> Arc<T>);

impl<T: Capture + ToOwned + ?Sized> Capture for Cow<'_, T> {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        T::capture(self, sink);
    }
}
