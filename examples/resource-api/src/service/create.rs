//! Create: one resource with its edges, in one transaction.

use otel_runtime::{metered, set_attributes, traced};
use tracing::debug;

use super::{Resources, ServiceError};
use crate::model::{Description, Origin, Resource, ResourceId};
use crate::storage::StorageError;
use crate::validation::{validate_dependencies, validate_description};

/// A resource to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewResource {
    /// What it says of itself.
    pub description: Description,
    /// Who puts it there.
    pub origin: Origin,
    /// What it depends on.
    pub dependencies: Vec<ResourceId>,
    /// What has been waiting for it: existing resources that depend on it from now on. Where
    /// resources depend on each other in a circle, one of them has to come first without all of
    /// its dependencies.
    pub dependents: Vec<ResourceId>,
    /// It depends on itself, as a package whose tests use its own published form does.
    pub depends_on_itself: bool,
}

impl Resources {
    /// Creates a resource.
    ///
    /// # Errors
    /// If it breaks a rule, exists already, or is connected to one that does not exist.
    #[traced(log, fields(
        resource.name = new.description.key.name,
        resource.version = new.description.key.version,
        resource.origin = new.origin.as_str(),
        resource.id = _,
        dependency.count = new.dependencies.len() + usize::from(new.depends_on_itself),
    ))]
    #[metered(labels(resource.origin = new.origin))]
    pub async fn create(&self, new: NewResource) -> Result<Resource, ServiceError> {
        validate_description(&new.description)?;
        validate_dependencies(&new.dependencies)?;
        validate_dependencies(&new.dependents)?;
        match self.insert(&new).await {
            Ok(id) => {
                set_attributes!(resource.id = id);
                debug!(resource.id = id.0, "the resource and its edges are written");
                Ok(Resource {
                    id,
                    description: new.description,
                    origin: new.origin,
                })
            }
            Err(error) => {
                let references = new.dependencies.iter().chain(&new.dependents).copied();
                let key = &new.description.key;
                Err(self.explain(error, key, references).await)
            }
        }
    }

    async fn insert(&self, new: &NewResource) -> Result<ResourceId, StorageError> {
        let mut transaction = self.storage.begin().await?;
        let id = transaction
            .insert_resource(&new.description, new.origin)
            .await?;
        let mut dependencies = new.dependencies.clone();
        dependencies.extend(new.depends_on_itself.then_some(id));
        if !dependencies.is_empty() {
            transaction.insert_dependencies(id, &dependencies).await?;
        }
        if !new.dependents.is_empty() {
            transaction.insert_dependents(id, &new.dependents).await?;
        }
        transaction.commit().await?;
        Ok(id)
    }
}
