//! Delete, with what depends on it, in one transaction.

use std::collections::HashSet;

use otel_runtime::{metered, set_attributes, traced};

use super::{Resources, ServiceError};
use crate::model::ResourceId;
use crate::storage::StorageError;

/// What may be deleted together with a resource.
#[derive(Clone, Copy, Debug)]
pub enum Cascade<'a> {
    /// Nothing: a resource that others need stays.
    Refuse,
    /// Everything that needs it, directly or not.
    Everything,
    /// Everything that needs it, if all of that is among these; else nothing is deleted.
    Among(&'a HashSet<ResourceId>),
}

impl Cascade<'_> {
    /// Its form in telemetry.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Everything => "everything",
            Self::Among(_) => "among",
        }
    }
}

/// What was deleted: the resource itself, and those that needed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Their numbers, sorted.
    pub ids: Vec<ResourceId>,
}

impl Deleted {
    /// How many went beside the one asked for.
    #[must_use]
    pub fn cascaded(&self) -> usize {
        self.ids.len() - 1
    }
}

impl Resources {
    /// Deletes a resource, and what needs it as far as `cascade` allows.
    ///
    /// # Errors
    /// If there is no such resource, if something would have to go that may not, or if the
    /// database fails.
    #[traced(log, fields(resource.id = id, cascade = cascade.as_str(), cascade.size = _))]
    #[metered(histogram(
        "resource.cascade.size",
        value = |deleted| deleted.cascaded(),
        unit = "{resource}",
        description = "How many resources went with a deleted one.",
    ))]
    pub async fn delete(
        &self,
        id: ResourceId,
        cascade: Cascade<'_>,
    ) -> Result<Deleted, ServiceError> {
        let mut transaction = self.storage.begin().await?;
        let mut ids = transaction.with_all_dependents(id).await?;
        if ids.is_empty() {
            transaction.rollback().await?;
            return Err(ServiceError::NotFound { id });
        }
        set_attributes!(cascade.size = ids.len() - 1);
        let allowed = ids.iter().all(|affected| match cascade {
            Cascade::Refuse => *affected == id,
            Cascade::Everything => true,
            Cascade::Among(others) => *affected == id || others.contains(affected),
        });
        if !allowed {
            transaction.rollback().await?;
            let dependents = ids.len() - 1;
            return Err(ServiceError::InUse { id, dependents });
        }
        transaction
            .delete_resources(&ids)
            .await
            .map_err(|error| match error {
                // somebody began to need one of them meanwhile
                StorageError::MissingReference => ServiceError::InUse { id, dependents: 1 },
                error => error.into(),
            })?;
        transaction.commit().await?;
        self.forget(&ids).await;
        ids.sort_unstable();
        Ok(Deleted { ids })
    }
}
