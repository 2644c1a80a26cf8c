//! Finds the package that each dependency means.
//!
//! Cargo writes a dependency as short as it can be understood: `name` where only one version of
//! it is locked, `name version` where only one source has that version, else
//! `name version (source)`.

use std::collections::HashMap;
use std::path::Path;

use otel_runtime::traced;

use super::document::{Document, PackageTable};
use super::error::LockfileError;
use super::{Lockfile, Package};
use crate::model::{Description, ResourceKey};

/// Turns every dependency into an index.
#[traced(name = "resolve_dependencies")]
pub(super) fn resolve(path: &Path, document: Document) -> Result<Lockfile, LockfileError> {
    let Document {
        package: tables,
        metadata,
        ..
    } = document;
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, table) in tables.iter().enumerate() {
        let namesakes = by_name.entry(&table.name).or_default();
        if namesakes
            .iter()
            .any(|&other| same_key(&tables[other], table))
        {
            return Err(LockfileError::RepeatedPackage {
                path: path.to_owned(),
                package: key(table).to_string(),
            });
        }
        namesakes.push(index);
    }
    let packages = tables
        .iter()
        .map(|table| {
            let mut dependencies = table
                .dependencies
                .iter()
                .chain(&table.replace)
                .map(|written| find(path, &tables, &by_name, table, written))
                .collect::<Result<Vec<_>, _>>()?;
            dependencies.sort_unstable();
            dependencies.dedup();
            Ok(Package {
                description: Description {
                    key: key(table),
                    checksum: checksum(table, &metadata),
                },
                dependencies,
            })
        })
        .collect::<Result<_, LockfileError>>()?;
    Ok(Lockfile { packages })
}

fn find(
    path: &Path,
    tables: &[PackageTable],
    by_name: &HashMap<&str, Vec<usize>>,
    dependent: &PackageTable,
    written: &str,
) -> Result<usize, LockfileError> {
    let path = || path.to_owned();
    let package = || key(dependent).to_string();
    let Some(Written {
        name,
        version,
        source,
    }) = Written::parse(written)
    else {
        return Err(LockfileError::MalformedDependency {
            path: path(),
            package: package(),
            dependency: written.to_owned(),
        });
    };
    let candidates: Vec<usize> = by_name
        .get(name)
        .into_iter()
        .flatten()
        .copied()
        .filter(|&index| {
            let table = &tables[index];
            version.is_none_or(|version| table.version == version)
                && source.is_none_or(|source| {
                    without_commit(table.source.as_deref().unwrap_or("")) == without_commit(source)
                })
        })
        .collect();
    match candidates[..] {
        [only] => Ok(only),
        [] => Err(LockfileError::UnresolvedDependency {
            path: path(),
            package: package(),
            dependency: written.to_owned(),
        }),
        [..] => Err(LockfileError::AmbiguousDependency {
            path: path(),
            package: package(),
            dependency: written.to_owned(),
            candidates: candidates
                .iter()
                .map(|&index| format!("`{}`", key(&tables[index])))
                .collect::<Vec<_>>()
                .join(", "),
        }),
    }
}

/// A dependency as Cargo wrote it.
struct Written<'a> {
    name: &'a str,
    version: Option<&'a str>,
    source: Option<&'a str>,
}

impl<'a> Written<'a> {
    fn parse(written: &'a str) -> Option<Self> {
        let mut words = written.splitn(3, ' ');
        let name = words.next().filter(|name| !name.is_empty())?;
        let version = words.next();
        let source = match words.next() {
            Some(word) => Some(word.strip_prefix('(')?.strip_suffix(')')?),
            None => None,
        };
        (version != Some("")).then_some(Self {
            name,
            version,
            source,
        })
    }
}

/// A git source names its commit after `#`; a dependency on it does not.
fn without_commit(source: &str) -> &str {
    source
        .split_once('#')
        .map_or(source, |(address, _)| address)
}

fn same_key(one: &PackageTable, other: &PackageTable) -> bool {
    one.version == other.version && one.source == other.source
}

fn key(table: &PackageTable) -> ResourceKey {
    ResourceKey {
        name: table.name.clone(),
        version: table.version.clone(),
        source: table.source.clone().unwrap_or_default(),
    }
}

/// Version 1 writes `"checksum name version (source)" = ".."` into `[metadata]`, and `<none>`
/// where there is none.
fn checksum(
    table: &PackageTable,
    metadata: &std::collections::BTreeMap<String, String>,
) -> Option<String> {
    let listed = || {
        metadata
            .get(&format!("checksum {}", key(table)))
            .filter(|checksum| *checksum != "<none>")
            .cloned()
    };
    table.checksum.clone().or_else(listed)
}
