//! `sqlx`: databases, the way to them, and what they answer.

use std::borrow::Cow;
use std::io::ErrorKind as ErrorOfIo;

use sqlx::Error;
use sqlx::error::{DatabaseError, ErrorKind};

use crate::class::dynamic::{Look, look};
use crate::class::{Class, Classification, Classify, Codes, ResponseStatus, Retry};

pub(super) const KNOWN: &[Look] = &[look::<Error>];

/// By what happened; the answer of a database by its SQLSTATE, which is the code then.
impl Classify for Error {
    const CODES: Codes = Codes::Open;

    fn classify(&self) -> Classification<'_> {
        let (class, code) = match self {
            Self::Database(answer) => return of_answer(&**answer),
            // The server is gone: what it was about to say is not there to be corrupt.
            Self::Io(error) if error.kind() == ErrorOfIo::UnexpectedEof => {
                (Class::Network, "io::UnexpectedEof")
            }
            Self::Io(error) => return error.classify(),
            Self::Configuration(_) => (Class::InvalidArgument, "sqlx::Configuration"),
            Self::InvalidArgument(_) => (Class::InvalidArgument, "sqlx::InvalidArgument"),
            Self::Tls(_) => (Class::Network, "sqlx::Tls"),
            Self::Protocol(_) => (Class::DataCorruption, "sqlx::Protocol"),
            Self::RowNotFound => (Class::NotFound, "sqlx::RowNotFound"),
            Self::TypeNotFound { .. } => (Class::Internal, "sqlx::TypeNotFound"),
            Self::ColumnIndexOutOfBounds { .. } => {
                (Class::Internal, "sqlx::ColumnIndexOutOfBounds")
            }
            Self::ColumnNotFound(_) => (Class::Internal, "sqlx::ColumnNotFound"),
            Self::ColumnDecode { .. } => (Class::DataCorruption, "sqlx::ColumnDecode"),
            Self::Encode(_) => (Class::InvalidArgument, "sqlx::Encode"),
            Self::Decode(_) => (Class::DataCorruption, "sqlx::Decode"),
            Self::PoolTimedOut => {
                let meaning = Classification::new(Class::ResourceExhausted, "sqlx::PoolTimedOut");
                return meaning.with_retry(Retry::Yes);
            }
            Self::PoolClosed => (Class::Unavailable, "sqlx::PoolClosed"),
            Self::WorkerCrashed => (Class::Internal, "sqlx::WorkerCrashed"),
            Self::BeginFailed => (Class::Internal, "sqlx::BeginFailed"),
            _ => (Class::Unknown, "sqlx::Other"),
        };
        Classification::new(class, code)
    }
}

fn of_answer(answer: &dyn DatabaseError) -> Classification<'_> {
    let state = answer.code();
    let (class, code) = match answer.kind() {
        ErrorKind::UniqueViolation => (Class::AlreadyExists, "sqlx::UniqueViolation"),
        ErrorKind::ForeignKeyViolation => (Class::FailedPrecondition, "sqlx::ForeignKeyViolation"),
        ErrorKind::NotNullViolation => (Class::InvalidArgument, "sqlx::NotNullViolation"),
        ErrorKind::CheckViolation => (Class::InvalidArgument, "sqlx::CheckViolation"),
        _ => (
            class_of_state(state.as_deref().unwrap_or_default()),
            "sqlx::Database",
        ),
    };
    let meaning = match state {
        Some(Cow::Borrowed(state)) if is_state(state) => Classification::new(class, state),
        _ => Classification::new(class, code),
    };
    match status(answer, state) {
        Some(status) => meaning.with_response_status(status),
        None => meaning,
    }
}

/// The number of an error where databases have numbers, else the SQLSTATE.
fn status<'a>(
    answer: &'a dyn DatabaseError,
    state: Option<Cow<'a, str>>,
) -> Option<ResponseStatus<'a>> {
    #[cfg(feature = "sqlx-mysql")]
    if let Some(answer) = answer.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return Some(ResponseStatus::Number(answer.number().into()));
    }
    #[cfg(not(feature = "sqlx-mysql"))]
    let _ = answer;
    match state? {
        Cow::Borrowed(state) => Some(ResponseStatus::Text(state)),
        // The numbers of SQLite come as a text that is made each time.
        Cow::Owned(number) => number.parse().ok().map(ResponseStatus::Number),
    }
}

/// Five digits and capital letters.
fn is_state(code: &str) -> bool {
    code.len() == 5
        && code
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// The class of a SQLSTATE, as [PostgreSQL] lists them; its first two characters are those of the
/// SQL standard.
///
/// [PostgreSQL]: https://www.postgresql.org/docs/current/errcodes-appendix.html
fn class_of_state(state: &str) -> Class {
    match state {
        "40001" | "40P01" | "55P03" => Class::Aborted,
        "42501" => Class::PermissionDenied,
        "57014" => Class::Cancelled,
        "XX001" | "XX002" => Class::DataCorruption,
        "25006" | "25P02" => Class::FailedPrecondition,
        "22003" | "22008" => Class::OutOfRange,
        "23505" => Class::AlreadyExists,
        _ => match state.get(..2).unwrap_or_default() {
            "02" => Class::NotFound,
            "08" => Class::Network,
            "0A" => Class::Unimplemented,
            "21" | "22" => Class::InvalidArgument,
            "23" | "25" | "55" => Class::FailedPrecondition,
            "28" => Class::Unauthenticated,
            "40" => Class::Aborted,
            "42" | "XX" | "58" => Class::Internal,
            "53" | "54" => Class::ResourceExhausted,
            "57" => Class::Unavailable,
            _ => Class::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Answer(&'static str, bool);

    impl std::fmt::Display for Answer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Answer {}

    impl DatabaseError for Answer {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(if self.1 {
                Cow::Borrowed(self.0)
            } else {
                Cow::Owned(self.0.to_owned())
            })
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    #[test]
    fn the_state_of_an_answer_is_its_code_and_gives_the_class() {
        for (state, class) in [
            ("40001", Class::Aborted),
            ("08006", Class::Network),
            ("42P01", Class::Internal),
            ("53300", Class::ResourceExhausted),
            ("99999", Class::Unknown),
        ] {
            let error = Error::Database(Box::new(Answer(state, true)));
            let meaning = error.classify();
            assert_eq!((meaning.code, meaning.class), (state, class));
        }
        let made = Error::Database(Box::new(Answer("1555", false)));
        assert_eq!(made.classify().code, "sqlx::Database");
        let status = made.classify().response_status;
        assert_eq!(status, Some(ResponseStatus::Number(1555)));
        let state = Error::Database(Box::new(Answer("40001", true)));
        let status = state.classify().response_status;
        assert_eq!(status, Some(ResponseStatus::Text("40001")));
        assert_eq!(Error::RowNotFound.classify().class, Class::NotFound);
        let io = Error::Io(std::io::ErrorKind::ConnectionReset.into());
        assert_eq!(io.classify().code, "io::ConnectionReset");
        let gone = Error::Io(ErrorOfIo::UnexpectedEof.into());
        assert_eq!(gone.classify().class, Class::Network);
    }
}
