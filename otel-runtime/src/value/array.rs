//! Which types can be the elements of an array.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::Sink;

/// A type whose slices can be recorded: numbers, `bool` and strings.
///
/// An array of whole numbers of which one does not fit an `i64` is recorded as
/// an array of decimal texts.
#[diagnostic::on_unimplemented(
    message = "an array of `{Self}` cannot be recorded as a field as it is",
    label = "an array's elements are numbers, `bool` or strings",
    note = "write `?` before the expression to record it as `Debug` formats it"
)]
pub trait Element: Sized {
    /// Writes all of them as one array.
    fn capture_all(values: &[Self], sink: &mut Sink<'_>);
}

macro_rules! small_ints {
    ($($int:ty)*) => {$(
        impl Element for $int {
            fn capture_all(values: &[Self], sink: &mut Sink<'_>) {
                sink.ints(values.iter().map(|&value| i64::from(value)));
            }
        }
    )*};
}

macro_rules! big_ints {
    ($($int:ty)*) => {$(
        impl Element for $int {
            fn capture_all(values: &[Self], sink: &mut Sink<'_>) {
                if values.iter().all(|&value| i64::try_from(value).is_ok()) {
                    sink.ints(values.iter().map(|&value| i64::try_from(value).unwrap_or(i64::MAX)));
                } else {
                    sink.strs(values.iter().map(|value| value.to_string()));
                }
            }
        }
    )*};
}

macro_rules! strings {
    ($($string:ty)*) => {$(
        impl Element for $string {
            fn capture_all(values: &[Self], sink: &mut Sink<'_>) {
                sink.strs(values.iter().map(|value| -> &str { value }));
            }
        }
    )*};
}

small_ints!(i8 i16 i32 i64 u8 u16 u32);
big_ints!(isize i128 u64 usize u128);
strings!(&str String Box<str> Rc<str> Arc<str> Cow<'_, str>);

impl Element for bool {
    fn capture_all(values: &[Self], sink: &mut Sink<'_>) {
        sink.bools(values.iter().copied());
    }
}

impl Element for f32 {
    fn capture_all(values: &[Self], sink: &mut Sink<'_>) {
        sink.doubles(values.iter().map(|&value| f64::from(value)));
    }
}

impl Element for f64 {
    fn capture_all(values: &[Self], sink: &mut Sink<'_>) {
        sink.doubles(values.iter().copied());
    }
}
