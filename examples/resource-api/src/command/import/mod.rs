//! `import FILE`: makes the database mirror a `Cargo.lock`, then runs every query once.
//!
//! `read_lockfile` → `plan` (what to create, update, leave, remove, and in which order) → `apply`
//! (one transaction a package) → `tour` (every query once).

mod apply;
mod plan;
mod report;
mod tour;

use std::path::Path;

pub use apply::Counts;
pub use report::Report;
pub use tour::Tour;

use otel_runtime::{metered, set_attributes, traced};

use super::{CommandError, Progress};
use crate::lockfile::read_lockfile;
use crate::service::{Resources, ServiceError};
use crate::storage::{DatabaseAddress, Storage};

/// Imports a lock file.
///
/// Each package is one transaction: after an error, or when this future is dropped, what was
/// committed stays, and running it again does the rest.
///
/// # Errors
/// If the lock file or the database is no good.
#[traced(fields(
    lockfile.path = %lockfile_path.display(),
    database.address = %database,
    package.count = _,
    dependency.count = _,
))]
#[metered]
pub async fn import(
    lockfile_path: &Path,
    database: &DatabaseAddress,
    progress: &Progress,
) -> Result<Report, CommandError> {
    let lockfile = read_lockfile(lockfile_path)?;
    set_attributes!(
        package.count = lockfile.packages.len(),
        dependency.count = lockfile.dependency_count(),
    );
    let storage = Storage::open(database)
        .await
        .map_err(|source| database_error(database, source.into()))?;
    let resources = Resources::new(storage.clone());
    let (known, edges) = resources
        .all()
        .await
        .map_err(|error| database_error(database, error))?;
    let plan = plan::plan(&lockfile, &known, &edges);
    progress.start(plan.steps.len());
    let (counts, ids) = apply::apply(&resources, &lockfile, &plan, progress)
        .await
        .map_err(|(package, error)| match (package, error) {
            (_, error @ ServiceError::Storage(_)) | (None, error) => {
                database_error(database, error)
            }
            (Some(package), source) => CommandError::Package {
                lockfile: lockfile_path.to_owned(),
                package: lockfile.packages[package].description.key.to_string(),
                source,
            },
        })?;
    progress.finish();
    let tour = tour::tour(&resources, &lockfile, &ids)
        .await
        .map_err(|error| database_error(database, error))?;
    storage.close().await;
    Ok(Report {
        lockfile: lockfile_path.to_owned(),
        database: database.clone(),
        packages: lockfile.packages.len(),
        dependencies: lockfile.dependency_count(),
        counts,
        tour,
    })
}

fn database_error(database: &DatabaseAddress, error: ServiceError) -> CommandError {
    match error {
        ServiceError::Storage(source) => CommandError::Database {
            database: database.clone(),
            source,
        },
        error => CommandError::Service(error),
    }
}
