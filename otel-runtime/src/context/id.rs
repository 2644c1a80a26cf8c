//! Trace and span ids: newtypes that can only hold valid (non-zero) ids.

use std::fmt;
use std::num::{NonZeroU64, NonZeroU128};
use std::str::FromStr;

/// The 16-byte id of a trace; never all zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceId(NonZeroU128);

/// The 8-byte id of a span; never all zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpanId(NonZeroU64);

/// The text or number is no valid id: wrong length, not lowercase hex, or zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId;

macro_rules! id {
    ($id:ident, $int:ty, $nonzero:ty, $bytes:literal) => {
        impl $id {
            /// The id with this value, unless it is zero.
            #[must_use]
            pub const fn new(value: $int) -> Option<Self> {
                match <$nonzero>::new(value) {
                    Some(value) => Some(Self(value)),
                    None => None,
                }
            }

            /// The id as a number, its first byte on the wire being the most significant.
            #[must_use]
            pub const fn get(self) -> $int {
                self.0.get()
            }

            /// The id as it stands on the wire.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; $bytes] {
                self.0.get().to_be_bytes()
            }

            /// The id with these wire bytes, unless they are all zero.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Option<Self> {
                Self::new(<$int>::from_be_bytes(bytes))
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:0width$x}", self.0.get(), width = 2 * $bytes)
            }
        }

        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($id))
            }
        }

        impl FromStr for $id {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if text.len() != 2 * $bytes {
                    return Err(InvalidId);
                }
                let (mut value, mut all) = (0, 0);
                for byte in text.bytes() {
                    let digit = LOWERCASE_HEX[usize::from(byte)];
                    value = value << 4 | <$int>::from(digit & 0xf);
                    all |= digit;
                }
                if all & NO_DIGIT != 0 {
                    return Err(InvalidId);
                }
                Self::new(value).ok_or(InvalidId)
            }
        }
    };
}

id!(TraceId, u128, NonZeroU128, 16);
id!(SpanId, u64, NonZeroU64, 8);

/// Set in what stands for a byte that is no digit.
const NO_DIGIT: u8 = 0x10;

/// The digits by their bytes. Every request brings forty-eight of them.
static LOWERCASE_HEX: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        digits[b"0123456789abcdef"[digit as usize] as usize] = digit;
        digit += 1;
    }
    digits
};

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid id: expected lowercase hex of the full length, not all zero")
    }
}

impl std::error::Error for InvalidId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_and_read_as_lowercase_hex() {
        let text = "0af7651916cd43dd8448eb211c80319c";
        let id: TraceId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(id.to_bytes()[0], 0x0a);
        assert_eq!(TraceId::from_bytes(id.to_bytes()), Some(id));
    }

    #[test]
    fn zero_short_long_signed_and_uppercase_ids_are_refused() {
        for text in [
            "",
            "0",
            "0000000000000000",
            "00000000000000001",
            "+000000000000001",
            "B7AD6B7169203331",
        ] {
            assert_eq!(text.parse::<SpanId>(), Err(InvalidId), "{text}");
        }
    }
}
