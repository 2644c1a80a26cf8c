//! Get: one resource, or those next to it.

use otel_runtime::{metered, set_attributes, traced};

use super::{Resources, ServiceError};
use crate::model::{Edge, Resource, ResourceId, ResourceKey};

impl Resources {
    /// The resource with this number.
    ///
    /// # Errors
    /// If there is none, or the database fails.
    #[traced(log, fields(resource.id = id))]
    #[metered]
    pub async fn get(&self, id: ResourceId) -> Result<Resource, ServiceError> {
        let Some(cache) = &self.cache else {
            return self.read(id).await;
        };
        if let Some(resource) = cache.get(id).await {
            return Ok(resource);
        }
        let resource = self.read(id).await?;
        cache.put(&resource).await;
        Ok(resource)
    }

    async fn read(&self, id: ResourceId) -> Result<Resource, ServiceError> {
        let found = self.storage.resource(id).await?;
        found.ok_or(ServiceError::NotFound { id })
    }

    /// The resource with this name, version and source, if there is one.
    ///
    /// # Errors
    /// If the database fails.
    #[traced(log, fields(resource.name = key.name, resource.version = key.version))]
    #[metered]
    pub async fn find(&self, key: &ResourceKey) -> Result<Option<Resource>, ServiceError> {
        Ok(self.storage.resource_by_key(key).await?)
    }

    /// What the resource depends on directly, by name.
    ///
    /// # Errors
    /// If there is no such resource, or the database fails.
    #[traced(log, fields(resource.id = id, resource.count = _))]
    #[metered]
    pub async fn dependencies(&self, id: ResourceId) -> Result<Vec<Resource>, ServiceError> {
        self.get(id).await?;
        let dependencies = self.storage.dependencies(id).await?;
        set_attributes!(resource.count = dependencies.len());
        Ok(dependencies)
    }

    /// What depends on the resource directly, by name.
    ///
    /// # Errors
    /// If there is no such resource, or the database fails.
    #[traced(log, fields(resource.id = id, resource.count = _))]
    #[metered]
    pub async fn dependents(&self, id: ResourceId) -> Result<Vec<Resource>, ServiceError> {
        self.get(id).await?;
        let dependents = self.storage.dependents(id).await?;
        set_attributes!(resource.count = dependents.len());
        Ok(dependents)
    }

    /// Every resource, and every edge between any two.
    ///
    /// # Errors
    /// If the database fails.
    #[traced(log, fields(resource.count = _, dependency.count = _))]
    #[metered]
    pub async fn all(&self) -> Result<(Vec<Resource>, Vec<Edge>), ServiceError> {
        let resources = self.storage.resources().await?;
        let edges = self.storage.edges().await?;
        set_attributes!(
            resource.count = resources.len(),
            dependency.count = edges.len()
        );
        Ok((resources, edges))
    }
}
