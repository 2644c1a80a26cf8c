//! What is written together or not at all.

use sqlx::Any;

use super::dialect::Dialect;
use super::error::StorageError;
use super::row::json_array;
use super::{STORED, statements};
use crate::model::{Description, Origin, ResourceId};

/// A transaction; undone unless committed. In SQLite it holds the write lock.
#[derive(Debug)]
pub struct Transaction {
    inner: otelkit_sqlx::Transaction<'static, Any>,
    dialect: Dialect,
    /// How many resources there will be more or fewer; counted when it is permanent.
    change: i64,
}

impl Transaction {
    pub(super) const fn new(
        inner: otelkit_sqlx::Transaction<'static, Any>,
        dialect: Dialect,
    ) -> Self {
        Self {
            inner,
            dialect,
            change: 0,
        }
    }

    /// Adds a resource and says its number.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`], or if the database fails.
    pub async fn insert_resource(
        &mut self,
        description: &Description,
        origin: Origin,
    ) -> Result<ResourceId, StorageError> {
        let Description { key, checksum } = description;
        let statement = statements::INSERT_RESOURCE.of(self.dialect);
        let connection = &mut *self.inner;
        let id = if self.dialect.returns_rows() {
            let row = sqlx::query_as(statement)
                .bind(&key.name)
                .bind(&key.version)
                .bind(&key.source)
                .bind(checksum.as_deref())
                .bind(origin.as_str());
            let (id,) = row.fetch_one(connection).await?;
            id
        } else {
            let row = sqlx::query(statement)
                .bind(&key.name)
                .bind(&key.version)
                .bind(&key.source)
                .bind(checksum.as_deref())
                .bind(origin.as_str());
            let done = row.execute(connection).await?;
            done.last_insert_id().ok_or(sqlx::Error::RowNotFound)?
        };
        self.change += 1;
        Ok(ResourceId(id))
    }

    /// Replaces what a resource says of itself; false if there is no such resource.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`], or if the database fails.
    pub async fn update_resource(
        &mut self,
        id: ResourceId,
        description: &Description,
    ) -> Result<bool, StorageError> {
        let Description { key, checksum } = description;
        let done = sqlx::query(statements::UPDATE_RESOURCE.of(self.dialect))
            .bind(&key.name)
            .bind(&key.version)
            .bind(&key.source)
            .bind(checksum.as_deref())
            .bind(id.0)
            .execute(&mut *self.inner)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Adds edges from one resource to its dependencies.
    ///
    /// # Errors
    /// [`StorageError::MissingReference`], or if the database fails.
    pub async fn insert_dependencies(
        &mut self,
        dependent: ResourceId,
        dependencies: &[ResourceId],
    ) -> Result<(), StorageError> {
        sqlx::query(statements::INSERT_DEPENDENCIES.of(self.dialect))
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
    pub async fn insert_dependents(
        &mut self,
        dependency: ResourceId,
        dependents: &[ResourceId],
    ) -> Result<(), StorageError> {
        sqlx::query(statements::INSERT_DEPENDENTS.of(self.dialect))
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
    pub async fn delete_dependencies(
        &mut self,
        dependent: ResourceId,
    ) -> Result<u64, StorageError> {
        let done = sqlx::query(statements::DELETE_DEPENDENCIES.of(self.dialect))
            .bind(dependent.0)
            .execute(&mut *self.inner)
            .await?;
        Ok(done.rows_affected())
    }

    /// A resource and everything that needs it, directly or not; nothing if it does not exist.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn with_all_dependents(
        &mut self,
        id: ResourceId,
    ) -> Result<Vec<ResourceId>, StorageError> {
        let rows: Vec<(i64,)> = sqlx::query_as(statements::WITH_ALL_DEPENDENTS.of(self.dialect))
            .bind(id.0)
            .fetch_all(&mut *self.inner)
            .await?;
        Ok(rows.into_iter().map(|(id,)| ResourceId(id)).collect())
    }

    /// Removes resources and the edges that start at them.
    ///
    /// # Errors
    /// If a resource that stays needs one of them, or if the database fails.
    pub async fn delete_resources(&mut self, ids: &[ResourceId]) -> Result<u64, StorageError> {
        let ids = json_array(ids);
        // edges first: among the resources themselves, each restricts the other
        sqlx::query(statements::DELETE_DEPENDENCIES_OF.of(self.dialect))
            .bind(&ids)
            .execute(&mut *self.inner)
            .await?;
        let done = sqlx::query(statements::DELETE_RESOURCES.of(self.dialect))
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
    pub async fn commit(self) -> Result<(), StorageError> {
        self.inner.commit().await?;
        STORED.add(self.change, ());
        Ok(())
    }

    /// Undoes everything now; one that is dropped is undone when its connection is used again.
    ///
    /// # Errors
    /// If the database fails; then everything is undone all the same.
    pub async fn rollback(self) -> Result<(), StorageError> {
        Ok(self.inner.rollback().await?)
    }
}
