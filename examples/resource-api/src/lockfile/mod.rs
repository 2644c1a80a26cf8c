//! From a `Cargo.lock` to packages and the edges between them; sync, and knows no database.
//!
//! `read` → `document` (the TOML as Cargo writes it, versions 1 to 4) → `resolve` (every
//! dependency is an index into the packages).

mod document;
mod error;
mod resolve;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use error::LockfileError;

use otel_runtime::{set_attributes, traced};

use crate::model::Description;

/// A thousand times the lock file of a large program. `/dev/zero` never ends.
const MAX_BYTES: u64 = 256 << 20;

/// A lock file whose every dependency has been found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lockfile {
    /// Its packages, in the file's order.
    pub packages: Vec<Package>,
}

/// A package of a lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Name, version, source and checksum.
    pub description: Description,
    /// What it depends on: indices into [`Lockfile::packages`], sorted, each once.
    pub dependencies: Vec<usize>,
}

impl Lockfile {
    /// How many dependencies it holds.
    #[must_use]
    pub fn dependency_count(&self) -> usize {
        self.packages
            .iter()
            .map(|package| package.dependencies.len())
            .sum()
    }
}

/// Reads a lock file.
///
/// # Errors
/// If the file cannot be read, is not a lock file, or names a dependency that is no package of it.
#[traced(fields(file.path = %path.display(), file.size = _, package.count = _))]
pub fn read_lockfile(path: &Path) -> Result<Lockfile, LockfileError> {
    let bytes = read_bytes(path).map_err(|error| LockfileError::unreadable(path, error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(LockfileError::TooLarge {
            path: path.to_owned(),
        });
    }
    set_attributes!(file.size = bytes.len());
    let text = str::from_utf8(&bytes).map_err(|error| LockfileError::NotUtf8 {
        path: path.to_owned(),
        offset: error.valid_up_to(),
    })?;
    let lockfile = parse_lockfile(path, text)?;
    set_attributes!(package.count = lockfile.packages.len());
    Ok(lockfile)
}

/// Parses the text of a lock file; `path` is for messages only.
///
/// # Errors
/// If it is not a lock file, or names a dependency that is no package of it.
pub fn parse_lockfile(path: &Path, text: &str) -> Result<Lockfile, LockfileError> {
    let document = document::parse(path, text)?;
    resolve::resolve(path, document)
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
