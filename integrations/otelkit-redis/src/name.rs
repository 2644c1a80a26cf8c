//! What an operation is called: `GET`, `PIPELINE GET`, `MULTI`.

use std::fmt::{self, Write};

/// The longest name, in bytes; one that is longer is cut.
const LONGEST: usize = 64;

/// A name, made where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Name {
    const EMPTY: Self = Self {
        bytes: [0; LONGEST],
        length: 0,
    };

    /// Of one command.
    pub(crate) fn of(word: &[u8]) -> Self {
        let mut name = Self::EMPTY;
        name.push_word(word);
        name
    }

    /// Of so many commands.
    pub(crate) fn of_batch<'a>(
        mut words: impl Iterator<Item = &'a [u8]>,
        count: usize,
        is_transaction: bool,
    ) -> Self {
        let mut name = Self::of(match (is_transaction, count) {
            (true, _) => b"MULTI",
            (false, 0 | 1) => b"",
            (false, _) => b"PIPELINE",
        });
        if let Some(first) = words.next()
            && words.all(|word| word == first)
        {
            if name.length > 0 {
                name.push(b' ');
            }
            name.push_word(first);
        }
        name
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    /// What is no visible character becomes one.
    fn push_word(&mut self, word: &[u8]) {
        for byte in word {
            self.push(if byte.is_ascii_graphic() { *byte } else { b'?' });
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The number of a database, as text.
pub(crate) fn database(number: i64) -> Name {
    struct Digits(Name);
    impl Write for Digits {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            text.bytes().for_each(|byte| self.0.push(byte));
            Ok(())
        }
    }
    let mut digits = Digits(Name::EMPTY);
    // What is written to takes everything.
    let _ = write!(digits, "{number}");
    digits.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_name_becomes_one() {
        let name = |text: &str| Name::of(text.as_bytes()).to_string();
        assert_eq!(name("get"), "get");
        assert_eq!(name("A B\n\u{e9}"), "A?B???");
        assert_eq!(name(&"x".repeat(1000)), "x".repeat(LONGEST));
        assert_eq!(database(i64::MIN).as_str(), i64::MIN.to_string());
    }
}
