//! `reqwest`: requests that did not come to an answer, and answers that are failures.

use crate::class::dynamic::{Look, look};
use crate::class::{Class, Classification, Classify, Codes};

pub(super) const KNOWN: &[Look] = &[look::<reqwest::Error>];

/// By what was being done. A failed status is its own code, as the conventions for HTTP say.
impl Classify for reqwest::Error {
    const CODES: Codes = Codes::Open;

    fn classify(&self) -> Classification<'_> {
        if let Some(status) = self.status() {
            let class = Class::from_http_status(status.as_u16()).unwrap_or(Class::Unknown);
            return Classification::new(class, digits(status.as_u16()));
        }
        let (class, code) = match self {
            error if error.is_timeout() => (Class::DeadlineExceeded, "reqwest::Timeout"),
            error if error.is_connect() => (Class::Network, "reqwest::Connect"),
            error if error.is_redirect() => (Class::FailedPrecondition, "reqwest::Redirect"),
            error if error.is_builder() => (Class::InvalidArgument, "reqwest::Builder"),
            error if error.is_decode() => (Class::DataCorruption, "reqwest::Decode"),
            error if error.is_body() => (Class::Network, "reqwest::Body"),
            error if error.is_request() => (Class::Network, "reqwest::Request"),
            _ => (Class::Unknown, "reqwest::Other"),
        };
        Classification::new(class, code)
    }
}

/// The number of a status, which has three digits, as a text that need not be made.
fn digits(status: u16) -> &'static str {
    const ALL: [u8; 900 * 3] = {
        let mut all = [0; 900 * 3];
        let mut status = 100;
        while status < 1000 {
            let at = (status - 100) * 3;
            all[at] = b'0' + (status / 100) as u8;
            all[at + 1] = b'0' + (status / 10 % 10) as u8;
            all[at + 2] = b'0' + (status % 10) as u8;
            status += 1;
        }
        all
    };
    static DIGITS: [u8; 900 * 3] = ALL;
    let at = usize::from(status.saturating_sub(100)) * 3;
    let digits = DIGITS.get(at..at + 3).unwrap_or_default();
    std::str::from_utf8(digits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_its_own_code() {
        for status in [100, 404, 503, 999] {
            assert_eq!(digits(status), status.to_string());
        }
        assert_eq!(digits(1000), "");
    }

    #[test]
    fn a_request_that_cannot_be_made_is_told() {
        let error = reqwest::Client::new().get("no url").build().unwrap_err();
        assert_eq!(error.classify().code, "reqwest::Builder");
    }
}
