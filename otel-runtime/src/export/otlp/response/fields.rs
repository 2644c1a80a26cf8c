//! Reads a protobuf message field by field, whatever it holds.

/// The value of a field that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::export::otlp) enum Field<'a> {
    Varint(u64),
    Delimited(&'a [u8]),
    /// Four or eight bytes; OTLP's answers have none that matter here.
    Fixed,
}

/// The bytes are not protobuf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::export::otlp) struct Malformed;

/// Reads a message field by field: the number and the value of each.
///
/// Never panics and never reads outside `input`, whatever it holds.
#[derive(Clone, Debug)]
pub(in crate::export::otlp) struct Fields<'a> {
    input: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(in crate::export::otlp) fn new(input: &'a [u8]) -> Self {
        Self { input }
    }

    /// The next field, or `None` at the end.
    pub(in crate::export::otlp) fn next_field(
        &mut self,
    ) -> Result<Option<(u64, Field<'a>)>, Malformed> {
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
    fn fields_are_read_in_order() {
        let mut fields = Fields::new(b"\x08\x96\x01\x12\x02hi\x1d\0\0\0\0");
        assert_eq!(fields.next_field(), Ok(Some((1, Field::Varint(150)))));
        assert_eq!(fields.next_field(), Ok(Some((2, Field::Delimited(b"hi")))));
        assert_eq!(fields.next_field(), Ok(Some((3, Field::Fixed))));
        assert_eq!(fields.next_field(), Ok(None));
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
