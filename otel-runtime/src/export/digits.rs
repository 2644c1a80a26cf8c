//! Whole numbers and ids as text, appended to a buffer that is reused.

const PAIRS: [u8; 200] = {
    let mut pairs = [0; 200];
    let mut number = 0;
    while number < 100 {
        pairs[2 * number] = b'0' + number as u8 / 10;
        pairs[2 * number + 1] = b'0' + number as u8 % 10;
        number += 1;
    }
    pairs
};

/// Writes the last digits of a number, as many as there is room for.
#[inline]
pub(super) fn write_digits(digits: &mut [u8], mut number: u64) {
    let mut pairs = digits.rchunks_exact_mut(2);
    for pair in &mut pairs {
        let at = 2 * (number % 100) as usize;
        pair.copy_from_slice(&PAIRS[at..at + 2]);
        number /= 100;
    }
    if let [first] = pairs.into_remainder() {
        *first = b'0' + (number % 10) as u8;
    }
}

/// Appends a whole number.
#[inline]
pub(super) fn put_whole(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    let number = number.unsigned_abs();
    let len = number.checked_ilog10().unwrap_or(0) as usize + 1;
    let mut digits = [0; 20];
    write_digits(&mut digits[..len], number);
    out.extend_from_slice(&digits[..len]);
}

/// Appends bytes in hexadecimal, in quotation marks.
#[inline]
pub(super) fn put_hex<const BYTES: usize>(out: &mut Vec<u8>, bytes: [u8; BYTES]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    for byte in bytes {
        let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
        out.extend_from_slice(&[DIGITS[high], DIGITS[low]]);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(put: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        put(&mut out);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn whole_numbers_are_written_as_everybody_does(number in any::<i64>(), shift in 0u32..64) {
            let number = number >> shift;
            prop_assert_eq!(text(|out| put_whole(out, number)), number.to_string());
        }

        #[test]
        fn digits_fill_the_room_they_have(number in any::<u64>(), room in 1usize..21) {
            let mut digits = vec![0; room];
            write_digits(&mut digits, number);
            let all = format!("{number:020}");
            prop_assert_eq!(std::str::from_utf8(&digits).unwrap(), &all[20 - room..]);
        }

        #[test]
        fn bytes_are_written_in_hexadecimal(bytes in any::<u128>()) {
            let expected = format!("\"{bytes:032x}\"");
            prop_assert_eq!(text(|out| put_hex(out, bytes.to_be_bytes())), expected);
        }
    }

    #[test]
    fn the_ends_of_the_numbers_are_written_too() {
        for number in [0, 9, 10, 99, 100, i64::MAX, i64::MIN, -1] {
            assert_eq!(text(|out| put_whole(out, number)), number.to_string());
        }
    }
}
