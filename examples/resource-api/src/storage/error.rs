//! What can go wrong below SQL, in words a person can act on.

use otel_runtime::Classify;
use sqlx::error::ErrorKind;

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error, Classify)]
pub enum StorageError {
    /// Another process holds the lock for longer than we wait.
    #[error("the database is locked by another process")]
    #[classify(unavailable)]
    Locked,
    /// Another transaction was in the way; this one was undone.
    #[error("another transaction was in the way")]
    #[classify(aborted, retryable)]
    Conflict,
    /// Nobody answers at the address, or not in time.
    #[error("the database is out of reach: {0}")]
    #[classify(source)]
    OutOfReach(sqlx::Error),
    /// The file's pages do not fit together.
    #[error("the database is corrupt: {0}")]
    #[classify(data_corruption)]
    Corrupt(String),
    /// The file is no SQLite database.
    #[error("not an SQLite database")]
    #[classify(failed_precondition)]
    NotADatabase,
    /// The file or the tables are somebody else's.
    #[error("a database, but not one that resource-api made")]
    #[classify(failed_precondition)]
    Foreign,
    /// A later resource-api made it.
    #[error("made by a newer resource-api (schema {found}; this one knows {known})")]
    #[classify(failed_precondition)]
    TooNew {
        /// The schema's version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The path names a directory.
    #[error("this is a directory; a database is a file")]
    #[classify(invalid_argument)]
    Directory,
    /// The file can neither be opened nor made.
    #[error("cannot be opened or created; does its directory exist, and may it be written to?")]
    #[classify(failed_precondition)]
    CannotOpen,
    /// The file may be read only.
    #[error("may not be written to")]
    #[classify(permission_denied)]
    ReadOnly,
    /// No room left.
    #[error("the disk is full")]
    #[classify(resource_exhausted)]
    Full,
    /// A resource with this name, version and source exists.
    #[error("name, version and source are taken")]
    #[classify(already_exists)]
    Duplicate,
    /// An edge points to a resource that does not exist.
    #[error("a dependency does not exist")]
    #[classify(failed_precondition)]
    MissingReference,
    /// Anything else.
    #[error("{0}")]
    #[classify(source)]
    Other(sqlx::Error),
}

// SQLite's primary result codes (https://www.sqlite.org/rescode.html); the extended ones carry
// them in their low byte.
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READONLY: i32 = 8;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const NOTADB: i32 = 26;

// SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), and MySQL's own number
// where that says more.
const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK_DETECTED: &str = "40P01";

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => {
                    Self::OutOfReach(error)
                }
                error => Self::Other(error),
            };
        };
        match database.kind() {
            ErrorKind::UniqueViolation => return Self::Duplicate,
            ErrorKind::ForeignKeyViolation => return Self::MissingReference,
            _ => {}
        }
        let code = database.code().unwrap_or_default();
        if matches!(&*code, SERIALIZATION_FAILURE | DEADLOCK_DETECTED) {
            return Self::Conflict;
        }
        // SQLite's codes have fewer than five digits, and the others' five characters
        let Some(code) = code.parse::<i32>().ok().filter(|_| code.len() < 5) else {
            return Self::Other(error);
        };
        match code & 0xff {
            BUSY | LOCKED => Self::Locked,
            READONLY => Self::ReadOnly,
            CORRUPT => Self::Corrupt(database.message().to_owned()),
            FULL => Self::Full,
            CANTOPEN => Self::CannotOpen,
            NOTADB => Self::NotADatabase,
            _ => Self::Other(error),
        }
    }
}
