//! Moments as [RFC 3339] has them, in UTC.
//!
//! [RFC 3339]: https://www.rfc-editor.org/rfc/rfc3339

use crate::export::digits::write_digits;

/// Writes moments; those of one second share most of the work.
#[derive(Debug)]
pub(super) struct Timestamps {
    second: u64,
    /// The moment up to the fraction of this second, such as `2026-11-22T01:00:14.`.
    head: [u8; HEAD],
}

const HEAD: usize = 20;
const NS_PER_SECOND: u64 = 1_000_000_000;
const SECONDS_PER_DAY: u64 = 86_400;

impl Timestamps {
    pub(super) fn new() -> Self {
        Self {
            second: 0,
            head: head(0),
        }
    }

    /// Appends the moment with so many digits of its fraction, nine at most.
    #[inline]
    pub(super) fn put(&mut self, out: &mut Vec<u8>, unix_ns: u64, digits: usize) {
        let second = unix_ns / NS_PER_SECOND;
        if second != self.second {
            self.second = second;
            self.head = head(second);
        }
        let mut text = [b'Z'; HEAD + 10];
        text[..HEAD].copy_from_slice(&self.head);
        write_digits(&mut text[HEAD..HEAD + 9], unix_ns % NS_PER_SECOND);
        text[HEAD + digits] = b'Z';
        out.extend_from_slice(&text[..=HEAD + digits]);
    }
}

fn head(second: u64) -> [u8; HEAD] {
    let mut head = *b"0000-00-00T00:00:00.";
    let (year, month, day) = date(second / SECONDS_PER_DAY);
    let of_day = second % SECONDS_PER_DAY;
    for (place, number) in [
        (0..4, year),
        (5..7, month),
        (8..10, day),
        (11..13, of_day / 3600),
        (14..16, of_day / 60 % 60),
        (17..19, of_day % 60),
    ] {
        write_digits(&mut head[place], number);
    }
    head
}

/// Year, month and day of a day since 1970-01-01 in the Gregorian calendar.
///
/// Years are counted from March on, so that the leap day is the last of its year.
const fn date(days: u64) -> (u64, u64, u64) {
    const DAYS_BEFORE_1970: u64 = 719_468; // since 0000-03-01
    const DAYS_PER_ERA: u64 = 146_097; // 400 years
    let days = days + DAYS_BEFORE_1970;
    let era = days / DAYS_PER_ERA;
    let day_of_era = days % DAYS_PER_ERA;
    let leap_days = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / (DAYS_PER_ERA - 1);
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(unix_ns: u64, digits: usize) -> String {
        let mut out = Vec::new();
        Timestamps::new().put(&mut out, unix_ns, digits);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_day_that_nanoseconds_can_name_follows_the_one_before() {
        let divides = |by: u64, year: u64| year.is_multiple_of(by);
        let is_leap = |year| divides(4, year) && (!divides(100, year) || divides(400, year));
        let days_of = |year, month: u64| match month {
            2 if is_leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..=u64::MAX / NS_PER_SECOND / SECONDS_PER_DAY {
            assert_eq!(date(days), (year, month, day), "day {days}");
            day += 1;
            if day > days_of(year, month) {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (month, year) = (1, year + 1);
            }
        }
    }

    #[test]
    fn moments_are_written_to_the_nanosecond() {
        assert_eq!(text(0, 9), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(text(u64::MAX, 9), "2554-07-21T23:34:33.709551615Z");
        assert_eq!(
            text(1_709_208_000_000_000_001, 9),
            "2024-02-29T12:00:00.000000001Z"
        );
        assert_eq!(
            text(1_709_208_000_123_456_789, 6),
            "2024-02-29T12:00:00.123456Z"
        );
    }

    #[test]
    fn moments_of_one_second_and_of_others_can_be_mixed() {
        let mut timestamps = Timestamps::new();
        for unix_ns in [5, NS_PER_SECOND, NS_PER_SECOND + 1, 0, 61 * NS_PER_SECOND] {
            let mut out = Vec::new();
            timestamps.put(&mut out, unix_ns, 9);
            assert_eq!(String::from_utf8(out).unwrap(), text(unix_ns, 9));
        }
    }
}
