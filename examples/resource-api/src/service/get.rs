//! Get: one resource, or those next to it.

use super::{Resources, ServiceError};
use crate::model::{Edge, Resource, ResourceId, ResourceKey};

impl Resources {
    /// The resource with this number.
    ///
    /// # Errors
    /// If there is none, or the database fails.
    pub async fn get(&self, id: ResourceId) -> Result<Resource, ServiceError> {
        self.storage
            .resource(id)
            .await?
            .ok_or(ServiceError::NotFound { id })
    }

    /// The resource with this name, version and source, if there is one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn find(&self, key: &ResourceKey) -> Result<Option<Resource>, ServiceError> {
        Ok(self.storage.resource_by_key(key).await?)
    }

    /// What the resource depends on directly, by name.
    ///
    /// # Errors
    /// If there is no such resource, or the database fails.
    pub async fn dependencies(&self, id: ResourceId) -> Result<Vec<Resource>, ServiceError> {
        self.get(id).await?;
        Ok(self.storage.dependencies(id).await?)
    }

    /// What depends on the resource directly, by name.
    ///
    /// # Errors
    /// If there is no such resource, or the database fails.
    pub async fn dependents(&self, id: ResourceId) -> Result<Vec<Resource>, ServiceError> {
        self.get(id).await?;
        Ok(self.storage.dependents(id).await?)
    }

    /// Every resource, and every edge between any two.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn all(&self) -> Result<(Vec<Resource>, Vec<Edge>), ServiceError> {
        let resources = self.storage.resources().await?;
        let edges = self.storage.edges().await?;
        Ok((resources, edges))
    }
}
