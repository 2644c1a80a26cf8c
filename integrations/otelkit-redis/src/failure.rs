//! Which answers are failures.

use std::borrow::Cow;
use std::error::Error;

use otel_runtime::class::{Class, Classification};
use otel_runtime::span::ErrorView;
use otel_runtime::{Classify, Span};
use redis::{RedisError, RedisResult, ServerError, Value};

/// Why a call failed.
pub(crate) enum Failure<'a> {
    Client(&'a RedisError),
    Server(&'a ServerError),
}

/// What a connection answers with.
pub(crate) trait Answer {
    /// Why it is none.
    fn failure(&self) -> Option<Failure<'_>>;
}

impl Answer for RedisResult<Value> {
    fn failure(&self) -> Option<Failure<'_>> {
        match self {
            Ok(value) => server_error(value),
            Err(error) => Some(Failure::Client(error)),
        }
    }
}

/// Of a pipeline the first command that failed, also in a transaction.
impl Answer for RedisResult<Vec<Value>> {
    fn failure(&self) -> Option<Failure<'_>> {
        match self.as_deref() {
            // Of a transaction there is one answer with all others in it.
            Ok([Value::Array(answers)]) => answers.iter().find_map(server_error),
            Ok(answers) => answers.iter().find_map(server_error),
            Err(failure) => Some(Failure::Client(failure)),
        }
    }
}

fn server_error(value: &Value) -> Option<Failure<'_>> {
    match value {
        Value::ServerError(error) => Some(Failure::Server(error)),
        _ => None,
    }
}

impl<'a> Failure<'a> {
    pub(crate) fn error(&self) -> Option<Cow<'a, RedisError>> {
        match self {
            Self::Client(error) => Some(Cow::Borrowed(error)),
            Self::Server(error) => {
                let error = Value::ServerError((*error).clone()).extract_error();
                error.err().map(Cow::Owned)
            }
        }
    }
}

/// What an error means. Its code is the prefix that the server answered with, if it has.
pub(crate) fn meaning(error: &RedisError) -> Classification<'_> {
    let mut meaning = error.classify();
    if let Some(prefix) = error.code() {
        meaning.code = prefix;
        if let Some(class) = class(prefix) {
            meaning = Classification::new(class, prefix).with_retry(meaning.retry);
        }
    }
    meaning
}

/// Of prefixes that the client has no word for.
fn class(prefix: &str) -> Option<Class> {
    Some(match prefix {
        "WRONGTYPE" | "UNKILLABLE" => Class::FailedPrecondition,
        "NOAUTH" | "WRONGPASS" => Class::Unauthenticated,
        "OOM" => Class::ResourceExhausted,
        "BUSYGROUP" | "BUSYKEY" => Class::AlreadyExists,
        "NOGROUP" => Class::NotFound,
        "BUSY" | "MISCONF" | "NOREPLICAS" => Class::Unavailable,
        _ => return None,
    })
}

/// Records the error of a call.
pub(crate) fn record<const N: usize>(
    span: &mut Span<N>,
    error: &RedisError,
    meaning: Classification<'_>,
) {
    let is_of_server = error.code().is_some();
    let message = without_quoted(error.to_string(), is_of_server);
    span.record_error_view(&ErrorView {
        type_name: std::any::type_name::<RedisError>(),
        message: Some(&message),
        debug: None,
        source: error.source().filter(|_| !is_of_server),
        is_expected: false,
        meaning: Some(meaning),
    });
    span.set_attribute("db.response.status_code", error.code());
}

/// What a server quotes is what it was asked: arguments of commands, lines of scripts.
fn without_quoted(mut message: String, is_of_server: bool) -> String {
    let opening = |at: &usize| *at == 0 || !message.as_bytes()[at - 1].is_ascii_alphanumeric();
    let first = message.match_indices('\'').map(|(at, _)| at).find(opening);
    if let (true, Some(first)) = (is_of_server, first) {
        let last = message.rfind('\'').filter(|last| *last > first);
        let end = last.map_or(message.len(), |last| last + 1);
        message.replace_range(first..end, "'?'");
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_quotes_is_not_shown() {
        for (message, shown) in [
            (
                "unknown command 'NOSUCH', with args beginning with: 'it's' 'x' ",
                "unknown command '?' ",
            ),
            ("Redis can't persist", "Redis can't persist"),
            ("near 'secret", "near '?'"),
            ("'secret' is wrong", "'?' is wrong"),
            ("syntax error", "syntax error"),
        ] {
            assert_eq!(without_quoted(message.to_owned(), true), shown);
            assert_eq!(without_quoted(message.to_owned(), false), message);
        }
    }
}
