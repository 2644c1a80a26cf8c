//! What can be wrong with a lock file, each in one line.

use std::io;
use std::path::{Path, PathBuf};

use otel_runtime::Classify;

/// Why a lock file could not be read.
#[derive(Debug, thiserror::Error, Classify)]
#[classify(validation)]
pub enum LockfileError {
    /// There is no such file.
    #[error("{}: no such file", path.display())]
    #[classify(not_found)]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// It is a directory.
    #[error("{}: this is a directory; name the Cargo.lock inside it", path.display())]
    Directory {
        /// The path as given.
        path: PathBuf,
    },
    /// The operating system does not let us read it.
    #[error("{}: cannot be read: {source}", path.display())]
    #[classify(source)]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// It is far larger than any lock file.
    #[error("{}: not a lock file: larger than 256 MiB", path.display())]
    TooLarge {
        /// The path as given.
        path: PathBuf,
    },
    /// Its bytes are not text.
    #[error("{}: not a lock file: byte {offset} is not UTF-8", path.display())]
    NotUtf8 {
        /// The path as given.
        path: PathBuf,
        /// The first byte that is not.
        offset: usize,
    },
    /// It is not TOML, or not of a lock file's form.
    #[error("{}:{line}:{column}: not a lock file: {reason}", path.display())]
    Malformed {
        /// The path as given.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column in characters, counted from 1.
        column: usize,
        /// What the parser says, in one line.
        reason: String,
    },
    /// It is TOML, and something else.
    #[error("{}: not a lock file: it has no [[package]]", path.display())]
    NoPackages {
        /// The path as given.
        path: PathBuf,
    },
    /// A future Cargo wrote it.
    #[error("{}: a lock file of version {version}; versions 1 to 4 can be read", path.display())]
    UnknownVersion {
        /// The path as given.
        path: PathBuf,
        /// The version it says.
        version: u64,
    },
    /// The same package stands in it twice.
    #[error("{}: the package `{package}` stands in it twice", path.display())]
    RepeatedPackage {
        /// The path as given.
        path: PathBuf,
        /// Name, version and source.
        package: String,
    },
    /// A dependency is not written as `name`, `name version` or `name version (source)`.
    #[error(
        "{}: `{package}` has the dependency `{dependency}`, which is not of the form \
         `name`, `name version` or `name version (source)`",
        path.display()
    )]
    MalformedDependency {
        /// The path as given.
        path: PathBuf,
        /// The package that has it.
        package: String,
        /// The dependency as written.
        dependency: String,
    },
    /// A dependency is no package of the file.
    #[error(
        "{}: `{package}` depends on `{dependency}`, but the file has no such package",
        path.display()
    )]
    UnresolvedDependency {
        /// The path as given.
        path: PathBuf,
        /// The package that has it.
        package: String,
        /// The dependency as written.
        dependency: String,
    },
    /// A dependency could be any of several packages.
    #[error(
        "{}: `{package}` depends on `{dependency}`, which could be any of: {candidates}",
        path.display()
    )]
    AmbiguousDependency {
        /// The path as given.
        path: PathBuf,
        /// The package that has it.
        package: String,
        /// The dependency as written.
        dependency: String,
        /// The packages it could be.
        candidates: String,
    },
}

impl LockfileError {
    /// The file could not be read; tells apart what a person would.
    pub(super) fn unreadable(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::IsADirectory => Self::Directory { path },
            _ => Self::Unreadable { path, source },
        }
    }
}
