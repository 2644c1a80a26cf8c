//! Why a command failed: one line for the person who gave it.

use std::path::PathBuf;

use crate::lockfile::LockfileError;
use crate::service::ServiceError;
use crate::storage::StorageError;

/// Why a command failed. What was committed before stays.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The file to import is no good.
    #[error(transparent)]
    Lockfile(#[from] LockfileError),
    /// A package of the file is no good.
    #[error("{}: the package `{package}`: {source}", lockfile.display())]
    Package {
        /// The file to import.
        lockfile: PathBuf,
        /// Name, version and source.
        package: String,
        /// What is wrong with it.
        source: ServiceError,
    },
    /// The database failed.
    #[error("{}: {source}", path.display())]
    Database {
        /// The database's file.
        path: PathBuf,
        /// What is wrong with it.
        source: StorageError,
    },
    /// An operation was refused.
    #[error(transparent)]
    Service(ServiceError),
}
