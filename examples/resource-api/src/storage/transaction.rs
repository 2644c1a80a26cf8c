//! What is written together or not at all.

use otel_runtime::traced;
use sqlx::Sqlite;

use super::STORED;
use super::error::StorageError;
use super::row::json_array;
use crate::model::{Description, Origin, ResourceId};

/// A transaction that holds the write lock; undone unless committed.
#[derive(Debug)]
pub struct Transaction {
    inner: sqlx::Transaction<'static, Sqlite>,
    /// How many resources there will be more or fewer; counted when it is permanent.
    change: i64,
}

impl Transaction {
    pub(super) fn new(inner: sqlx::Transaction<'static, Sqlite>) -> Self {
        Self { inner, change: 0 }
    }

    /// Adds a resource and says its number.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`], or if the database fails.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "INSERT", db.collection.name = "resource"))]
    pub async fn insert_resource(
        &mut self,
        description: &Description,
        origin: Origin,
    ) -> Result<ResourceId, StorageError> {
        let Description { key, checksum } = description;
        let (id,) = sqlx::query_as(
            "INSERT INTO resource (name, version, source, checksum, origin) \
             VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
        )
        .bind(&key.name)
        .bind(&key.version)
        .bind(&key.source)
        .bind(checksum)
        .bind(origin.as_str())
        .fetch_one(&mut *self.inner)
        .await?;
        self.change += 1;
        Ok(ResourceId(id))
    }

    /// Replaces what a resource says of itself; false if there is no such resource.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`], or if the database fails.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "UPDATE", db.collection.name = "resource"))]
    pub async fn update_resource(
        &mut self,
        id: ResourceId,
        description: &Description,
    ) -> Result<bool, StorageError> {
        let Description { key, checksum } = description;
        let done = sqlx::query(
            "UPDATE resource SET name = ?2, version = ?3, source = ?4, checksum = ?5 WHERE id = ?1",
        )
        .bind(id.0)
        .bind(&key.name)
        .bind(&key.version)
        .bind(&key.source)
        .bind(checksum)
        .execute(&mut *self.inner)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Adds edges from one resource to its dependencies.
    ///
    /// # Errors
    /// [`StorageError::MissingReference`], or if the database fails.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "INSERT", db.collection.name = "dependency", db.operation.batch.size = dependencies.len()))]
    pub async fn insert_dependencies(
        &mut self,
        dependent: ResourceId,
        dependencies: &[ResourceId],
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT INTO dependency (dependent, dependency) SELECT ?1, value FROM json_each(?2)",
        )
        .bind(dependent.0)
        .bind(json_array(dependencies))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Adds edges from several resources to one they all need.
    ///
    /// # Errors
    /// [`StorageError::MissingReference`], or if the database fails.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "INSERT", db.collection.name = "dependency", db.operation.batch.size = dependents.len()))]
    pub async fn insert_dependents(
        &mut self,
        dependency: ResourceId,
        dependents: &[ResourceId],
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT INTO dependency (dependent, dependency) SELECT value, ?1 FROM json_each(?2)",
        )
        .bind(dependency.0)
        .bind(json_array(dependents))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Removes the edges from a resource to its dependencies.
    ///
    /// # Errors
    /// If the database fails.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "DELETE", db.collection.name = "dependency"))]
    pub async fn delete_dependencies(
        &mut self,
        dependent: ResourceId,
    ) -> Result<u64, StorageError> {
        let done = sqlx::query("DELETE FROM dependency WHERE dependent = ?1")
            .bind(dependent.0)
            .execute(&mut *self.inner)
            .await?;
        Ok(done.rows_affected())
    }

    /// A resource and everything that needs it, directly or not; nothing if it does not exist.
    ///
    /// # Errors
    /// If the database fails.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "SELECT", db.collection.name = "dependency"))]
    pub async fn with_all_dependents(
        &mut self,
        id: ResourceId,
    ) -> Result<Vec<ResourceId>, StorageError> {
        // UNION, not UNION ALL: what was met before is not followed again, so cycles end
        let rows: Vec<(i64,)> = sqlx::query_as(
            "WITH RECURSIVE affected (id) AS ( \
                 SELECT id FROM resource WHERE id = ?1 \
                 UNION \
                 SELECT dependent FROM affected JOIN dependency ON dependency = affected.id \
             ) SELECT id FROM affected",
        )
        .bind(id.0)
        .fetch_all(&mut *self.inner)
        .await?;
        Ok(rows.into_iter().map(|(id,)| ResourceId(id)).collect())
    }

    /// Removes resources and the edges that start at them.
    ///
    /// # Errors
    /// If a resource that stays needs one of them, or if the database fails.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "DELETE", db.collection.name = "resource", db.operation.batch.size = ids.len()))]
    pub async fn delete_resources(&mut self, ids: &[ResourceId]) -> Result<u64, StorageError> {
        let ids = json_array(ids);
        // edges first: among the resources themselves, each restricts the other
        sqlx::query("DELETE FROM dependency WHERE dependent IN (SELECT value FROM json_each(?1))")
            .bind(&ids)
            .execute(&mut *self.inner)
            .await?;
        let done =
            sqlx::query("DELETE FROM resource WHERE id IN (SELECT value FROM json_each(?1))")
                .bind(&ids)
                .execute(&mut *self.inner)
                .await?;
        self.change -= done.rows_affected().cast_signed();
        Ok(done.rows_affected())
    }

    /// Makes everything permanent. Whether it has is not known of one that is given up half-way,
    /// and its resources are not counted.
    ///
    /// # Errors
    /// If the database fails; then nothing has happened.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "COMMIT"))]
    pub async fn commit(self) -> Result<(), StorageError> {
        self.inner.commit().await?;
        STORED.add(self.change, ());
        Ok(())
    }
}
