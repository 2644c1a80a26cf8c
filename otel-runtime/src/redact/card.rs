//! Numbers of payment cards.

use std::ops::Range;

use super::text::{ALNUM, DIGIT, Text};

const LEAST: usize = 12;
const MOST: usize = 19;

/// A number that begins within the word. Its groups may have spaces between them, and so be words
/// of their own.
pub(super) fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let mut at = word.start;
    while at < word.end {
        if !text.is(at, DIGIT) {
            at += 1;
            continue;
        }
        if !text.is_before(at, ALNUM)
            && text.before(at) != Some(b'.')
            && let Some(end) = number(text, at)
        {
            return Some(at..end);
        }
        at = text.run(at, DIGIT);
    }
    None
}

/// True for a whole number that a card can have.
pub(super) fn is_number(number: i64) -> bool {
    let mut digits = Digits::default();
    let text = number.to_string();
    let all = text.bytes().all(|byte| digits.add(byte));
    all && digits.are_of_card()
}

/// The end of the longest number that begins here.
fn number(text: Text<'_>, start: usize) -> Option<usize> {
    let mut digits = Digits::default();
    let mut longest = None;
    let mut separator = None;
    let mut at = start;
    loop {
        let group = at;
        while let Some(byte) = text.at(at).filter(u8::is_ascii_digit) {
            if !digits.add(byte) {
                return longest;
            }
            at += 1;
        }
        let length = at - group;
        // Groups are of four digits, or of four, six and five, the last one shorter.
        if separator.is_some() && !(2..=6).contains(&length) {
            return longest;
        }
        let next = text.at(at);
        let goes_on = matches!(next, Some(b' ' | b'-')) && text.is(at + 1, DIGIT);
        let is_end = !(text.is(at, ALNUM) || next == Some(b'.') && text.is(at + 1, DIGIT));
        if is_end && digits.are_of_card() {
            longest = Some(at);
        }
        if !goes_on
            || separator.is_some_and(|it| Some(it) != next)
            || separator.is_none() && length != 4
        {
            return longest;
        }
        separator = next;
        at += 1;
    }
}

/// The digits so far, and their checksum by Luhn's formula.
#[derive(Default)]
struct Digits {
    count: usize,
    /// The first six.
    beginning: u32,
    /// With every second digit doubled, from the first one on and from the second one on.
    sums: [u32; 2],
}

impl Digits {
    /// False if there are too many.
    fn add(&mut self, digit: u8) -> bool {
        if !digit.is_ascii_digit() || self.count == MOST {
            return false;
        }
        let digit = u32::from(digit - b'0');
        if self.count < 6 {
            self.beginning = self.beginning * 10 + digit;
        }
        let doubled = digit * 2 / 10 + digit * 2 % 10;
        self.sums[self.count % 2] += doubled;
        self.sums[1 - self.count % 2] += digit;
        self.count += 1;
        true
    }

    fn are_of_card(&self) -> bool {
        // The last digit is not doubled, and so on every second one to the left of it.
        self.count >= LEAST && self.sums[self.count % 2].is_multiple_of(10) && self.begins_as_one()
    }

    /// Issuers have their beginnings, and lengths.
    fn begins_as_one(&self) -> bool {
        let n = self.beginning;
        let lengths = match n {
            400_000..=499_999 => return matches!(self.count, 13 | 16 | 19),
            340_000..=349_999 | 370_000..=379_999 => return self.count == 15,
            300_000..=305_999 | 309_500..=309_599 | 360_000..=369_999 | 380_000..=399_999 => {
                14..=19
            }
            222_100..=272_099 | 510_000..=559_999 => 16..=16,
            352_800..=358_999 | 601_100..=601_199 | 620_000..=629_999 | 644_000..=659_999 => {
                16..=19
            }
            501_800..=501_899 | 502_000..=502_099 | 503_800..=503_899 | 589_300..=589_399 => {
                12..=19
            }
            630_400..=630_499 | 675_900..=675_999 | 676_100..=676_399 => 12..=19,
            _ => return false,
        };
        lengths.contains(&self.count)
    }
}
