//! What went wrong with a request, in the words of `error.type`.

use std::error::Error;
use std::fmt::{self, Write};
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};

use otel_runtime::Span;
use otel_runtime::class::{Class, Classification, classify_dyn};
use otel_runtime::span::ErrorView;

/// An error of a service, seen as what it is.
///
/// Errors are recorded with their chain of causes, and so as `dyn Error`. A type that is boxed
/// already, such as the one of most tower middleware, is none itself: for it there is
/// [`BoxedErrors`].
pub trait ErrorLook<E> {
    /// The error.
    fn look(error: &E) -> &(dyn Error + 'static);

    /// What its type is called.
    fn type_name() -> &'static str {
        std::any::type_name::<E>()
    }
}

/// For services whose error is a type that implements [`Error`].
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedErrors;

/// For services whose error is a `Box<dyn Error + Send + Sync>`.
#[derive(Clone, Copy, Debug, Default)]
pub struct BoxedErrors;

impl<E: Error + 'static> ErrorLook<E> for TypedErrors {
    fn look(error: &E) -> &(dyn Error + 'static) {
        error
    }
}

impl<E: AsRef<dyn Error + Send + Sync + 'static>> ErrorLook<E> for BoxedErrors {
    fn look(error: &E) -> &(dyn Error + 'static) {
        error.as_ref()
    }

    fn type_name() -> &'static str {
        OTHER
    }
}

/// Causes of causes beyond this many are not looked at: a chain may be a circle.
const LONGEST_CHAIN: usize = 32;
pub(crate) const CANCELLED: &str = "cancelled";
pub(crate) const PANIC: &str = "panic";
const TIMEOUT: &str = "timeout";
const DNS: &str = "dns";
/// What is known of a box is not what is in it.
const OTHER: &str = "_OTHER";

/// What an error of HTTP means, and which `error.type` it is:
///
/// | `error.type` | for |
/// |---|---|
/// | `timeout` | anything whose class is [`Class::DeadlineExceeded`] |
/// | `dns` | a name that was not found |
/// | `io::ConnectionRefused`, `io::ConnectionReset`, .. | what the connection met |
/// | the code | any other error that [says what it means](otel_runtime::Classify) |
/// | the name of its type, `_OTHER` if it is boxed | any other error |
///
/// What the connection met is the innermost cause, and stands above what those say that wrap it.
pub fn classify<'a>(
    error: &'a (dyn Error + 'static),
    type_name: &'static str,
) -> Classification<'a> {
    let meaning = of_connection(error).or_else(|| classify_dyn(error));
    match meaning {
        Some(meaning) if meaning.class == Class::DeadlineExceeded => meaning.with_code(TIMEOUT),
        Some(meaning) => meaning,
        None => Classification::new(Class::Unknown, type_name),
    }
}

fn of_connection<'a>(error: &'a (dyn Error + 'static)) -> Option<Classification<'a>> {
    let mut found = None;
    let mut link = Some(error);
    for _ in 0..LONGEST_CHAIN {
        let Some(cause) = link else { break };
        if let Some(io) = cause.downcast_ref::<io::Error>()
            && !matches!(io.kind(), ErrorKind::Other)
            && let Some(meaning) = classify_dyn(io)
            && meaning.class != Class::Unknown
        {
            found = Some(meaning);
        } else if is_of_resolver(cause) {
            found = Some(Classification::new(Class::Network, DNS));
        }
        link = cause.source();
    }
    found
}

/// The resolver's own error is a type that hyper-util does not show. An error that panics when it is
/// shown is another one.
fn is_of_resolver(error: &(dyn Error + 'static)) -> bool {
    let begins = || {
        let mut beginning = Beginning("dns error");
        let _ = write!(beginning, "{error}");
        beginning.0.is_empty()
    };
    catch_unwind(AssertUnwindSafe(begins)).unwrap_or(false)
}

/// What is still to come of a beginning. Stops whoever writes as soon as it is known.
struct Beginning(&'static str);

impl Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Some(rest) = self.0.strip_prefix(text) {
            self.0 = rest;
            return Ok(());
        }
        if text.starts_with(self.0) {
            self.0 = "";
        }
        Err(fmt::Error)
    }
}

/// Records what a service returned instead of a response.
pub(crate) fn record(
    span: &mut Span,
    error: &(dyn Error + 'static),
    type_name: &'static str,
    message: Option<&dyn fmt::Display>,
    meaning: Classification<'_>,
) {
    span.record_error_view(&ErrorView {
        type_name,
        message: Some(message.unwrap_or(&error)),
        debug: None,
        source: error.source(),
        is_expected: false,
        meaning: Some(meaning),
    });
}

/// Records an error that a response was made of.
pub(crate) fn record_expected(
    span: &mut Span,
    error: &(dyn Error + 'static),
    type_name: &'static str,
) {
    span.record_error_view(&ErrorView {
        type_name,
        message: Some(&error),
        debug: None,
        source: error.source(),
        is_expected: true,
        meaning: Some(classify(error, type_name)),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error around another one, as clients of HTTP have them.
    #[derive(Debug)]
    struct Around(&'static str, Option<Box<dyn Error + Send + Sync>>);

    impl fmt::Display for Around {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Around {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1
                .as_deref()
                .map(|cause| cause as &(dyn Error + 'static))
        }
    }

    fn code_of(cause: impl Into<Box<dyn Error + Send + Sync>>) -> String {
        let error = Around("request failed", Some(cause.into()));
        classify(&error, "Around").code.to_owned()
    }

    #[test]
    fn the_innermost_error_of_the_connection_gives_the_type() {
        assert_eq!(
            code_of(io::Error::from(ErrorKind::ConnectionRefused)),
            "io::ConnectionRefused"
        );
        let reset = io::Error::from(ErrorKind::ConnectionReset);
        assert_eq!(
            code_of(io::Error::other(Around("tls", Some(reset.into())))),
            "io::ConnectionReset"
        );
        assert_eq!(code_of(io::Error::from(ErrorKind::TimedOut)), "timeout");
        let unknown = io::Error::other("failed to lookup address information");
        assert_eq!(code_of(Around("dns error", Some(unknown.into()))), "dns");
        assert_eq!(code_of("seven".parse::<u8>().unwrap_err()), "ParseIntError");
        assert_eq!(code_of("words"), "Around");
    }

    #[test]
    fn an_error_that_panics_when_it_is_shown_is_classified_all_the_same() {
        #[derive(Debug)]
        struct Shy;
        impl fmt::Display for Shy {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                panic!("do not look");
            }
        }
        impl Error for Shy {}
        assert_eq!(code_of(Shy), "Around");
        let parts = ["d", "ns er", "ror: more", "more"];
        let shown = |parts: &[&str]| {
            let mut beginning = Beginning("dns error");
            parts.iter().all(|part| beginning.write_str(part).is_ok());
            beginning.0.is_empty()
        };
        assert!(shown(&parts) && !shown(&parts[1..]) && !shown(&parts[..2]));
    }

    #[test]
    fn boxed_errors_are_seen_through_their_box() {
        let error: Box<dyn Error + Send + Sync> = io::Error::from(ErrorKind::BrokenPipe).into();
        assert!(BoxedErrors::look(&error).is::<io::Error>());
        assert!(TypedErrors::look(&fmt::Error).is::<fmt::Error>());
    }
}
