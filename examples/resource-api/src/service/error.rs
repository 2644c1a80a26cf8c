//! What can go wrong with an operation.

use otel_runtime::Classify;

use crate::model::{ResourceId, ResourceKey};
use crate::storage::StorageError;
use crate::validation::ValidationError;

/// Why an operation was not carried out; the database is as it was before.
#[derive(Debug, thiserror::Error, Classify)]
pub enum ServiceError {
    /// The request breaks a rule.
    #[error(transparent)]
    #[classify(source)]
    Validation(#[from] ValidationError),
    /// There is no such resource.
    #[error("there is no resource {id}")]
    #[classify(not_found)]
    NotFound {
        /// The number asked for.
        id: ResourceId,
    },
    /// Another resource has this name, version and source.
    #[error("`{key}` exists already")]
    #[classify(already_exists)]
    AlreadyExists {
        /// What is taken.
        key: ResourceKey,
    },
    /// The request names a resource that does not exist, as a dependency or a dependent.
    #[error("`{key}` cannot be connected to {id}, which does not exist")]
    #[classify(failed_precondition)]
    UnknownResource {
        /// The resource to be written.
        key: ResourceKey,
        /// The first number that is unknown.
        id: ResourceId,
    },
    /// Others need the resource, and may not be deleted with it.
    #[error("{id} cannot be deleted: {dependents} others depend on it, directly or not")]
    #[classify(failed_precondition)]
    InUse {
        /// The resource to be deleted.
        id: ResourceId,
        /// How many others would have to go with it.
        dependents: usize,
    },
    /// The database failed.
    #[error(transparent)]
    #[classify(source)]
    Storage(#[from] StorageError),
}
