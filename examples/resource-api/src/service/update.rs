//! Update: what a resource says of itself and what it needs, in one transaction.

use otel_runtime::{metered, traced};

use super::{Resources, ServiceError};
use crate::model::{Description, ResourceId};
use crate::storage::StorageError;
use crate::validation::{validate_dependencies, validate_description};

/// What a resource shall be from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// What it says of itself.
    pub description: Description,
    /// What it depends on; may name itself.
    pub dependencies: Vec<ResourceId>,
}

impl Resources {
    /// Replaces a resource's description and dependencies; its number, its origin and what
    /// depends on it stay.
    ///
    /// # Errors
    /// If there is no such resource, the update breaks a rule, its name, version and source are
    /// another's, or a dependency does not exist.
    #[traced(log, fields(
        resource.id = id,
        resource.name = update.description.key.name,
        resource.version = update.description.key.version,
        dependency.count = update.dependencies.len(),
    ))]
    #[metered]
    pub async fn update(&self, id: ResourceId, update: &Update) -> Result<(), ServiceError> {
        validate_description(&update.description)?;
        validate_dependencies(&update.dependencies)?;
        match self.replace(id, update).await {
            Ok(true) => {
                self.forget(&[id]).await;
                Ok(())
            }
            Ok(false) => Err(ServiceError::NotFound { id }),
            Err(error) => {
                let references = update.dependencies.iter().copied();
                Err(self
                    .explain(error, &update.description.key, references)
                    .await)
            }
        }
    }

    async fn replace(&self, id: ResourceId, update: &Update) -> Result<bool, StorageError> {
        let mut transaction = self.storage.begin().await?;
        if !transaction.update_resource(id, &update.description).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        transaction.delete_dependencies(id).await?;
        transaction
            .insert_dependencies(id, &update.dependencies)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }
}
