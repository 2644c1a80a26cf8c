//! The protobuf wire format, as far as the encoder writes it.
//!
//! Only what OTLP needs, after the [encoding guide]. Field numbers of OTLP are
//! below 16 but for one, so a tag is one byte unless its name says otherwise.
//!
//! [encoding guide]: https://protobuf.dev/programming-guides/encoding/

/// The tag of a varint field.
pub(in crate::export) const fn varint_tag(field: u8) -> u8 {
    field << 3
}

/// The tag of an eight-byte field.
pub(in crate::export) const fn fixed64_tag(field: u8) -> u8 {
    field << 3 | 1
}

/// The tag of a field with a length: text, bytes, messages.
pub(in crate::export) const fn length_tag(field: u8) -> u8 {
    field << 3 | 2
}

/// How many bytes `value` takes as a varint: 1 to 10.
#[inline]
pub(in crate::export) const fn varint_len(value: u64) -> usize {
    // 9/64 is a little less than 1/7, and close enough for every bit length up to 64
    ((value | 1).ilog2() as usize * 9 + 73) / 64
}

/// How many bytes a field with a length takes, tag included.
#[inline]
pub(in crate::export) const fn delimited_len(content: usize) -> usize {
    1 + varint_len(content as u64) + content
}

/// How many bytes a varint field takes that is left out when zero.
#[inline]
pub(in crate::export) const fn optional_varint_len(value: u32) -> usize {
    if value == 0 {
        0
    } else {
        1 + varint_len(value as u64)
    }
}

#[inline]
pub(in crate::export) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes a tag and a length; the content follows.
#[inline]
pub(in crate::export) fn put_header(out: &mut Vec<u8>, tag: u8, content_len: usize) {
    if content_len < 0x80 {
        out.extend_from_slice(&[tag, content_len as u8]);
    } else {
        out.push(tag);
        put_varint(out, content_len as u64);
    }
}

#[inline]
pub(in crate::export) fn put_delimited(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    put_header(out, tag, content.len());
    out.extend_from_slice(content);
}

#[inline]
pub(in crate::export) fn put_optional_varint(out: &mut Vec<u8>, tag: u8, value: u32) {
    if value != 0 {
        out.push(tag);
        put_varint(out, u64::from(value));
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
                let bytes = out.iter().rev();
                let read = bytes.fold(0u128, |sum, byte| sum << 7 | u128::from(byte & 0x7f));
                assert_eq!(read, u128::from(value));
            }
        }
    }
}
