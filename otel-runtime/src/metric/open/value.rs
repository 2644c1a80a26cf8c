//! What the value of an open label can be, and the words that tell it from every other.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::data::AttributeValue;
use crate::value::Secret;
use crate::value::secret::{Disclosed, Hidden};

/// A value of an open label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// The series has no such attribute.
    Missing,
    /// A whole number.
    Int(i64),
    /// A whole number too great for an attribute, which shows it as a text.
    Great(u64),
    /// A text.
    Text(Cow<'a, str>),
}

/// What can be given for an open label of `#[metered]`: texts, whole numbers, an `Option` of them.
///
/// A text of the operating system that is not valid Unicode has its wrong parts replaced by U+FFFD.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of an open label",
    label = "an open label is a text or a whole number, or an `Option` of one",
    note = "for other types give a text that is there already, as in `open(order.kind.as_str(), max = 20)`; making one would allocate in every call"
)]
pub trait OpenValue {
    /// The value.
    fn open_value(&self) -> Value<'_>;
}

/// The most characters of a text.
static LONGEST: AtomicU32 = AtomicU32::new(4096);

/// Texts are cut after so many characters.
pub(crate) fn set_value_limit(chars: u32) {
    LONGEST.store(chars, Ordering::Relaxed);
}

#[inline(always)]
fn limited(text: &str) -> &str {
    let longest = LONGEST.load(Ordering::Relaxed) as usize;
    // A character has one byte at least.
    if text.len() <= longest {
        return text;
    }
    let end = text.char_indices().nth(longest);
    end.map_or(text, |(end, _)| &text[..end])
}

/// What begins the words of a value; the tag says how many there are.
const INT: u64 = 1 << 60;
const GREAT: u64 = 2 << 60;
const TEXT: u64 = 3 << 60;
/// A text of less than a word, which stands behind its length in the same word.
const SHORT_TEXT: u64 = 4 << 60;
/// A number that stands in the same word.
const SMALL_INT: u64 = 5 << 60;
/// Where the length of a short text stands, and the end of what else is in the word.
const LENGTH_SHIFT: u32 = 56;

impl Value<'_> {
    /// Says the words of the value while `take` wants more; two values have the same words only
    /// if they are the same, and none begins with those of another.
    #[inline]
    pub(super) fn each_word(&self, take: &mut impl FnMut(u64) -> bool) -> bool {
        match self {
            Self::Missing => take(0),
            Self::Int(number @ 0..SMALL) => take(SMALL_INT | number.cast_unsigned()),
            Self::Int(number) => take(INT) && take(number.cast_unsigned()),
            Self::Great(number) => take(GREAT) && take(*number),
            Self::Text(text) => {
                let text = limited(text).as_bytes();
                let (words, rest) = text.as_chunks::<8>();
                let Some(last) = text.last_chunk::<8>() else {
                    return take(SHORT_TEXT | (text.len() as u64) << LENGTH_SHIFT | short(rest));
                };
                // The last word overlaps the one before: the length says by how much.
                take(TEXT | text.len() as u64)
                    && words.iter().all(|word| take(u64::from_le_bytes(*word)))
                    && (rest.is_empty() || take(u64::from_le_bytes(*last)))
            }
        }
    }

    /// What exporters see; `None` if there is no attribute.
    pub(super) fn attribute(&self) -> Option<AttributeValue> {
        match self {
            Self::Missing => None,
            Self::Int(number) => Some(AttributeValue::Int(*number)),
            Self::Great(number) => Some(AttributeValue::Str(Cow::Owned(number.to_string()))),
            Self::Text(text) => Some(AttributeValue::Str(Cow::Owned(limited(text).into()))),
        }
    }
}

/// Numbers below this are small.
const SMALL: i64 = 1 << LENGTH_SHIFT;

/// Fewer bytes than a word has, as one; by loads that overlap, since a copy of a length that is not
/// known is a call.
#[inline(always)]
fn short(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let shift = 8 * (bytes.len() - 4);
        return u64::from(u32::from_le_bytes(*first))
            | u64::from(u32::from_le_bytes(*last)) << shift;
    }
    let byte = |at: usize| u64::from(bytes[at]) << (8 * at);
    match bytes.len() {
        0 => 0,
        length => byte(0) | byte(length / 2) | byte(length - 1),
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a OsStr> for Value<'a> {
    fn from(text: &'a OsStr) -> Self {
        Self::Text(text.to_string_lossy())
    }
}

impl Value<'_> {
    /// Of any whole number.
    #[inline]
    fn of_whole(number: impl TryInto<i64> + TryInto<u64> + Copy) -> Self {
        match (number.try_into(), number.try_into()) {
            (Ok(number), _) => Self::Int(number),
            (Err(_), Ok(number)) => Self::Great(number),
            // Of none of the types that this is called with.
            (Err(_), Err(_)) => Self::Missing,
        }
    }
}

macro_rules! whole {
    ($($number:ty),+) => {$(
        impl From<$number> for Value<'_> {
            #[inline]
            fn from(number: $number) -> Self {
                Self::of_whole(number)
            }
        }

        impl OpenValue for $number {
            #[inline]
            fn open_value(&self) -> Value<'_> {
                Value::of_whole(*self)
            }
        }
    )+};
}

whole!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

macro_rules! text {
    ($($text:ty => $whole:ty),+) => {$(
        impl OpenValue for $text {
            #[inline]
            fn open_value(&self) -> Value<'_> {
                Value::from(AsRef::<$whole>::as_ref(self))
            }
        }
    )+};
}

text!(
    str => str, String => str, Cow<'_, str> => str, Box<str> => str, Rc<str> => str, Arc<str> => str,
    OsStr => OsStr, OsString => OsStr, Cow<'_, OsStr> => OsStr, Path => OsStr, PathBuf => OsStr
);

/// Never: no metric is divided by a secret.
impl<T> OpenValue for Secret<T>
where
    Hidden<T>: Disclosed,
{
    fn open_value(&self) -> Value<'_> {
        Value::Missing
    }
}

impl<T: OpenValue> OpenValue for Option<T> {
    #[inline]
    fn open_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Missing, OpenValue::open_value)
    }
}

impl<T: OpenValue + ?Sized> OpenValue for &T {
    #[inline]
    fn open_value(&self) -> Value<'_> {
        (**self).open_value()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(values: &[Value<'_>]) -> Vec<u64> {
        let mut words = Vec::new();
        for value in values {
            value.each_word(&mut |word| {
                words.push(word);
                true
            });
        }
        words
    }

    fn value() -> impl Strategy<Value = Value<'static>> {
        prop_oneof![
            Just(Value::Missing),
            any::<i64>().prop_map(Value::Int),
            any::<u64>().prop_map(Value::of_whole),
            "\\PC{0,20}".prop_map(|text| Value::Text(Cow::Owned(text))),
            "[\0a]{0,20}".prop_map(|text| Value::Text(Cow::Owned(text))),
        ]
    }

    proptest! {
        #[test]
        #[cfg_attr(miri, ignore = "takes minutes, and touches no memory but its own")]
        fn different_values_have_different_words(
            one in prop::collection::vec(value(), 1..3),
            other in prop::collection::vec(value(), 1..3),
        ) {
            prop_assert_eq!(one == other, words(&one) == words(&other));
        }
    }

    #[test]
    fn what_the_system_calls_text_is_made_valid() {
        let lossy = |value: Value<'_>| value.attribute();
        let text = |text: &str| Some(AttributeValue::Str(Cow::Owned(text.into())));
        assert_eq!(lossy(Path::new("/tmp").open_value()), text("/tmp"));
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let broken = OsStr::from_bytes(b"a\xff");
            assert_eq!(lossy(broken.open_value()), text("a\u{fffd}"));
        }
        assert_eq!(lossy(u64::MAX.open_value()), text("18446744073709551615"));
        assert_eq!(lossy(Some(7_u8).open_value()), Some(AttributeValue::Int(7)));
        assert_eq!(lossy(None::<&str>.open_value()), None);
    }

    #[test]
    fn a_text_is_cut_at_the_limit_between_characters() {
        let long = "ö".repeat(5000);
        let value = Value::from(&*long);
        assert_eq!(
            value.attribute(),
            Some(AttributeValue::Str("ö".repeat(4096).into()))
        );
        let longer = format!("{long}.");
        assert_eq!(words(&[value]), words(&[Value::from(&*longer)]));
    }
}
