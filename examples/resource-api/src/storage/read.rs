//! What can be asked without writing.

use super::Storage;
use super::error::StorageError;
use super::row::json_array;
use super::statements;
use crate::model::{Edge, Resource, ResourceId, ResourceKey};

impl Storage {
    /// The resource with this number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn resource(&self, id: ResourceId) -> Result<Option<Resource>, StorageError> {
        let resource = sqlx::query_as(statements::RESOURCE.of(self.dialect))
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await?;
        Ok(resource)
    }

    /// The resource with this name, version and source.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn resource_by_key(
        &self,
        key: &ResourceKey,
    ) -> Result<Option<Resource>, StorageError> {
        let resource = sqlx::query_as(statements::RESOURCE_BY_KEY.of(self.dialect))
            .bind(&key.name)
            .bind(&key.version)
            .bind(&key.source)
            .fetch_optional(&self.pool)
            .await?;
        Ok(resource)
    }

    /// Every resource, by number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn resources(&self) -> Result<Vec<Resource>, StorageError> {
        let resources = sqlx::query_as(statements::RESOURCES.of(self.dialect))
            .fetch_all(&self.pool)
            .await?;
        Ok(resources)
    }

    /// How many resources there are.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn count(&self) -> Result<i64, StorageError> {
        let (count,) = sqlx::query_as(statements::COUNT.of(self.dialect))
            .fetch_one(&self.pool)
            .await?;
        Ok(count)
    }

    /// Every edge, by number of dependent and dependency.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn edges(&self) -> Result<Vec<Edge>, StorageError> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(statements::EDGES.of(self.dialect))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(dependent, dependency)| Edge {
                dependent: ResourceId(dependent),
                dependency: ResourceId(dependency),
            })
            .collect())
    }

    /// What this resource needs directly, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn dependencies(&self, id: ResourceId) -> Result<Vec<Resource>, StorageError> {
        let resources = sqlx::query_as(statements::DEPENDENCIES.of(self.dialect))
            .bind(id.0)
            .fetch_all(&self.pool)
            .await?;
        Ok(resources)
    }

    /// What needs this resource directly, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn dependents(&self, id: ResourceId) -> Result<Vec<Resource>, StorageError> {
        let resources = sqlx::query_as(statements::DEPENDENTS.of(self.dialect))
            .bind(id.0)
            .fetch_all(&self.pool)
            .await?;
        Ok(resources)
    }

    /// Resources with `text` in their name, version or source, by name. Case does not matter in
    /// ASCII letters, and in others as the database has it; no character has a special meaning.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn search(&self, text: &str, limit: u32) -> Result<Vec<Resource>, StorageError> {
        let resources = sqlx::query_as(statements::SEARCH.of(self.dialect))
            .bind(like_pattern(text))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(resources)
    }

    /// Those of the numbers that no resource has.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn missing(&self, ids: &[ResourceId]) -> Result<Vec<ResourceId>, StorageError> {
        let rows: Vec<(i64,)> = sqlx::query_as(statements::MISSING.of(self.dialect))
            .bind(json_array(ids))
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|(id,)| ResourceId(id)).collect())
    }
}

fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
