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

/// Writes a message whose length is known only behind it.
#[inline]
pub(in crate::export) fn put_message(out: &mut Vec<u8>, tag: u8, put: impl FnOnce(&mut Vec<u8>)) {
    // Two bytes for its length, as long as most are.
    out.extend_from_slice(&[tag, 0, 0]);
    let begin = out.len();
    put(out);
    let len = out.len() - begin;
    if (0x80..0x4000).contains(&len) {
        out[begin - 2..begin].copy_from_slice(&[len as u8 | 0x80, (len >> 7) as u8]);
    } else {
        move_to_length(out, begin, len);
    }
}

/// Moves a message to where it begins if its length, written before it, takes not two bytes.
#[cold]
fn move_to_length(out: &mut Vec<u8>, begin: usize, len: usize) {
    let length_at = begin - 2;
    let behind = length_at + varint_len(len as u64);
    out.resize(out.len().max(behind + len), 0);
    out.copy_within(begin..begin + len, behind);
    out.truncate(behind + len);
    let mut rest = len;
    for (at, byte) in out[length_at..behind].iter_mut().enumerate() {
        let more = if length_at + at + 1 < behind { 0x80 } else { 0 };
        *byte = rest as u8 & 0x7f | more;
        rest >>= 7;
    }
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
    fn a_message_is_written_as_if_its_length_were_known() {
        for len in [0, 1, 127, 128, 300, 0x3fff, 0x4000, 0x20_0000] {
            let content = vec![7; len];
            let (mut out, mut expected) = (vec![1, 2], vec![1, 2]);
            put_message(&mut out, 10, |out| out.extend_from_slice(&content));
            put_delimited(&mut expected, 10, &content);
            assert!(out == expected, "{len}");
        }
    }

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
