//! The operations on resources: each validates, then writes or reads in one go.

mod create;
mod cycles;
mod delete;
mod error;
mod get;
mod search;
mod update;

pub use create::NewResource;
pub use cycles::{Cycle, find_cycles};
pub use delete::{Cascade, Deleted};
pub use error::ServiceError;
pub use update::Update;

use crate::cache::Cache;
use crate::model::{ResourceId, ResourceKey};
use crate::storage::{Storage, StorageError};

/// The operations, on one database and perhaps a cache.
#[derive(Clone, Debug)]
pub struct Resources {
    storage: Storage,
    cache: Option<Cache>,
}

impl Resources {
    /// The operations on this database.
    #[must_use]
    pub fn new(storage: Storage) -> Self {
        Self {
            storage,
            cache: None,
        }
    }

    /// The same, reading single resources through this cache.
    #[must_use]
    pub fn with_cache(mut self, cache: Cache) -> Self {
        self.cache = Some(cache);
        self
    }

    /// These have changed.
    async fn forget(&self, ids: &[ResourceId]) {
        if let Some(cache) = &self.cache {
            cache.forget(ids).await;
        }
    }

    /// Says what a write that the database refused means to the caller.
    async fn explain(
        &self,
        error: StorageError,
        key: &ResourceKey,
        references: impl Iterator<Item = ResourceId>,
    ) -> ServiceError {
        match error {
            StorageError::Duplicate => ServiceError::AlreadyExists { key: key.clone() },
            StorageError::MissingReference => {
                let references: Vec<_> = references.collect();
                match self.storage.missing(&references).await {
                    Ok(missing) => match missing.first() {
                        Some(&id) => ServiceError::UnknownResource {
                            key: key.clone(),
                            id,
                        },
                        // it came into being meanwhile: the caller may try again
                        None => StorageError::MissingReference.into(),
                    },
                    Err(error) => error.into(),
                }
            }
            error => error.into(),
        }
    }
}
