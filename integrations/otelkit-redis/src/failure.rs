//! Which answers are failures.

use std::borrow::Cow;

use otel_runtime::Classify;
use otel_runtime::class::Class;
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
    pub(crate) fn error(&self) -> Cow<'a, RedisError> {
        match self {
            Self::Client(error) => Cow::Borrowed(error),
            Self::Server(error) => {
                let error = Value::ServerError((*error).clone()).extract_error();
                Cow::Owned(error.expect_err("it is an error"))
            }
        }
    }
}

/// What the server called it, or else what it means.
pub(crate) fn error_type(error: &RedisError) -> &str {
    error.code().unwrap_or_else(|| error.classify().code)
}

/// What an answer means that the client has no word for; `None` if it has one, or nobody knows.
pub(crate) fn class(error: &RedisError) -> Option<Class> {
    Some(match error.code()? {
        "WRONGTYPE" | "UNKILLABLE" => Class::FailedPrecondition,
        "NOAUTH" | "WRONGPASS" => Class::Unauthenticated,
        "OOM" => Class::ResourceExhausted,
        "BUSYGROUP" | "BUSYKEY" => Class::AlreadyExists,
        "NOGROUP" => Class::NotFound,
        "BUSY" | "MISCONF" | "NOREPLICAS" | "NOGOODSLAVE" => Class::Unavailable,
        _ => return None,
    })
}
