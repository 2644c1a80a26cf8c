//! A request and its response, from the beginning to the end of the response's body.

use std::error::Error;

/// What observes a request until its response is over. Dropped before that, it was cancelled.
pub trait Exchange {
    /// Runs `work` with the request's span as the current one.
    fn in_scope<T>(&mut self, work: impl FnOnce() -> T) -> T;

    /// So many bytes of the response's body went by.
    fn body_bytes(&mut self, bytes: u64);

    /// The response is over.
    fn complete(&mut self);

    /// What makes the response, or its body, failed with this error, whose type is called so.
    fn fail(&mut self, error: &(dyn Error + 'static), type_name: &'static str);

    /// The thread panics in what makes the response.
    fn panicked(&mut self);
}

/// Three digits: `error.type` of a response that is a failure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatusText([u8; 3]);

impl StatusText {
    pub(crate) fn of(status: u16) -> Self {
        let digit = |place: u16| b'0' + (status / place % 10) as u8;
        Self([digit(100), digit(10), digit(1)])
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_three_digits() {
        for status in [100, 404, 503, 999] {
            assert_eq!(StatusText::of(status).as_str(), status.to_string());
        }
    }
}
