//! A lock file as Cargo writes it: TOML, nothing resolved yet.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use otel_runtime::traced;
use serde::Deserialize;

use super::error::LockfileError;

/// The newest version of the format that this program knows.
const NEWEST_VERSION: u64 = 4;

/// The whole file. Keys that are not listed, such as `patch`, are no concern of ours.
#[derive(Debug, Deserialize)]
pub(super) struct Document {
    version: Option<u64>,
    #[serde(default)]
    pub(super) package: Vec<PackageTable>,
    /// Files of version 1 from before 2018: the package the file belongs to.
    root: Option<PackageTable>,
    /// Files of version 1 keep the checksums here.
    #[serde(default)]
    pub(super) metadata: BTreeMap<String, String>,
}

/// A `[[package]]`.
#[derive(Debug, Deserialize)]
pub(super) struct PackageTable {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) source: Option<String>,
    pub(super) checksum: Option<String>,
    #[serde(default)]
    pub(super) dependencies: Vec<String>,
    /// The package that stands in for this one (`[replace]`), written like a dependency.
    pub(super) replace: Option<String>,
}

/// Parses the TOML and checks that it is a lock file of a known version.
#[traced(name = "parse_toml")]
pub(super) fn parse(path: &Path, text: &str) -> Result<Document, LockfileError> {
    let mut document: Document =
        toml::from_str(text).map_err(|error| malformed(path, text, &error))?;
    let path = || path.to_owned();
    if let Some(version) = document.version.filter(|it| *it > NEWEST_VERSION) {
        return Err(LockfileError::UnknownVersion {
            path: path(),
            version,
        });
    }
    document.package.extend(document.root.take());
    if document.package.is_empty() {
        return Err(LockfileError::NoPackages { path: path() });
    }
    Ok(document)
}

fn malformed(path: &Path, text: &str, error: &toml::de::Error) -> LockfileError {
    let Range { start, .. } = error.span().unwrap_or(0..0);
    let before = text.get(..start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    LockfileError::Malformed {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        reason: error
            .message()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
    }
}
