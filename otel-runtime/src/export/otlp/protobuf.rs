//! The protobuf wire format: what the encoder writes and what an answer is read with.
//!
//! Only what OTLP needs, after the [encoding guide]. Field numbers of OTLP are
//! below 16 but for one, so a tag is one byte unless its name says otherwise.
//!
//! [encoding guide]: https://protobuf.dev/programming-guides/encoding/

/// The tag of a varint field.
pub(super) const fn varint_tag(field: u8) -> u8 {
    field << 3
}

/// The tag of an eight-byte field.
pub(super) const fn fixed64_tag(field: u8) -> u8 {
    field << 3 | 1
}

/// The tag of a field with a length: text, bytes, messages.
pub(super) const fn length_tag(field: u8) -> u8 {
    field << 3 | 2
}

/// How many bytes `value` takes as a varint: 1 to 10.
#[inline]
pub(super) const fn varint_len(value: u64) -> usize {
    // 9/64 is a little less than 1/7, and close enough for every bit length up to 64
    ((value | 1).ilog2() as usize * 9 + 73) / 64
}

/// How many bytes a field with a length takes, tag included.
#[inline]
pub(super) const fn delimited_len(content: usize) -> usize {
    1 + varint_len(content as u64) + content
}

/// How many bytes a varint field takes that is left out when zero.
#[inline]
pub(super) const fn optional_varint_len(value: u32) -> usize {
    if value == 0 {
        0
    } else {
        1 + varint_len(value as u64)
    }
}

#[inline]
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes a tag and a length; the content follows.
#[inline]
pub(super) fn put_header(out: &mut Vec<u8>, tag: u8, content_len: usize) {
    if content_len < 0x80 {
        out.extend_from_slice(&[tag, content_len as u8]);
    } else {
        out.push(tag);
        put_varint(out, content_len as u64);
    }
}

#[inline]
pub(super) fn put_delimited(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    put_header(out, tag, content.len());
    out.extend_from_slice(content);
}

#[inline]
pub(super) fn put_optional_varint(out: &mut Vec<u8>, tag: u8, value: u32) {
    if value != 0 {
        out.push(tag);
        put_varint(out, u64::from(value));
    }
}

/// The value of a field that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Varint(u64),
    Delimited(&'a [u8]),
    /// Four or eight bytes; OTLP's answers have none that matter here.
    Fixed,
}

/// The bytes are not protobuf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Reads a message field by field: the number and the value of each.
///
/// Never panics and never reads outside `input`, whatever it holds.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    input: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self { input }
    }

    /// The next field, or `None` at the end.
    pub(super) fn next_field(&mut self) -> Result<Option<(u64, Field<'a>)>, Malformed> {
        if self.input.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 || number > 0x1fff_ffff {
            return Err(Malformed);
        }
        let field = match tag & 7 {
            0 => Field::Varint(self.varint()?),
            1 => self.take(8).map(|_| Field::Fixed)?,
            2 => {
                let len = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
                Field::Delimited(self.take(len)?)
            }
            5 => self.take(4).map(|_| Field::Fixed)?,
            _ => return Err(Malformed),
        };
        Ok(Some((number, field)))
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let &[byte] = self.take(1)? else {
                return Err(Malformed);
            };
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.input.split_at_checked(len).ok_or(Malformed)?;
        self.input = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_varint_is_as_long_as_foretold_and_reads_back() {
        for bits in 0..=64u32 {
            for value in [
                0,
                1u64.checked_shl(bits).unwrap_or(0),
                1u64.checked_shl(bits).unwrap_or(0).wrapping_sub(1),
            ] {
                let mut out = Vec::new();
                put_varint(&mut out, value);
                assert_eq!(out.len(), varint_len(value), "{value}");
                let mut fields = Fields { input: &out };
                assert_eq!(fields.varint(), Ok(value));
            }
        }
    }

    #[test]
    fn malformed_messages_are_refused() {
        let cases: [&[u8]; 7] = [
            b"\x0a",                                         // a tag alone
            b"\x0a\x05ab",                                   // shorter than its length
            b"\x0b",                                         // a group
            b"\x00\x00",                                     // field number zero
            b"\x09\x01",                                     // a cut fixed64
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", // an endless varint
            b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", // a length beyond everything
        ];
        for case in cases {
            assert_eq!(Fields::new(case).next_field(), Err(Malformed), "{case:x?}");
        }
    }
}
