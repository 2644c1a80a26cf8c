//! Why a command failed: one line for the person who gave it.

use std::path::PathBuf;

use otel_runtime::Classify;

use crate::lockfile::LockfileError;
use crate::service::ServiceError;
use crate::storage::{DatabaseAddress, StorageError};

/// Why a command failed. What was committed before stays.
#[derive(Debug, thiserror::Error, Classify)]
pub enum CommandError {
    /// The file to import is no good.
    #[error(transparent)]
    #[classify(source)]
    Lockfile(#[from] LockfileError),
    /// A package of the file is no good.
    #[error("{}: the package `{package}`: {source}", lockfile.display())]
    #[classify(source)]
    Package {
        /// The file to import.
        lockfile: PathBuf,
        /// Name, version and source.
        package: String,
        /// What is wrong with it.
        source: ServiceError,
    },
    /// The database failed.
    #[error("{database}: {source}")]
    #[classify(source)]
    Database {
        /// Which one.
        database: DatabaseAddress,
        /// What is wrong with it.
        source: StorageError,
    },
    /// An operation was refused.
    #[error(transparent)]
    #[classify(source)]
    Service(ServiceError),
}
