//! A cache of reads in Redis, in front of the database.
//!
//! A cache that fails is left out: the error is recorded, and the database is asked. A read that
//! crosses a write may put back what was there before; it disappears after [`LIFETIME`].

use std::time::Duration;

use otel_runtime::{Classify, record_error, set_attributes, traced};
use otelkit_redis::Traced;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client};
use tracing::warn;

use crate::model::{Resource, ResourceId};

/// How long a resource is kept.
const LIFETIME: Duration = Duration::from_secs(60);

/// How long a command may take; the database takes not much longer.
const RESPONSE_TIMEOUT: Duration = Duration::from_millis(250);

/// How long the start of the program waits for a connection.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(2);

/// Resources by number.
#[derive(Clone)]
pub struct Cache {
    connection: Traced<ConnectionManager>,
}

/// Why there is no cache, or no answer of it.
#[derive(Debug, thiserror::Error, Classify)]
pub enum CacheError {
    /// Redis says so, or nobody does.
    #[error("the cache failed: {0}")]
    #[classify(source)]
    Redis(#[from] redis::RedisError),
    /// What stands there is no resource.
    #[error("the cache holds something else: {0}")]
    #[classify(data_corruption)]
    Contents(#[from] serde_json::Error),
}

impl Cache {
    /// Connects to Redis; what breaks later is mended by itself.
    ///
    /// # Errors
    /// If the address is none, or nobody answers there.
    #[traced]
    pub async fn connect(url: &str) -> Result<Self, CacheError> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(CONNECTION_TIMEOUT))
            .set_response_timeout(Some(RESPONSE_TIMEOUT));
        let client = Client::open(url)?;
        let server = client.get_connection_info().clone();
        let connection = ConnectionManager::new_with_config(client, config).await?;
        let connection = Traced::new(connection).of(&server);
        Ok(Self { connection })
    }

    /// The resource, if it is kept.
    #[traced(fields(resource.id = id, cache.hit = _))]
    pub async fn get(&self, id: ResourceId) -> Option<Resource> {
        let kept = self.try_get(id).await.unwrap_or_else(|error| {
            left_out(&error);
            None
        });
        set_attributes!(cache.hit = kept.is_some());
        kept
    }

    /// Keeps the resource for a while.
    #[traced(fields(resource.id = resource.id))]
    pub async fn put(&self, resource: &Resource) {
        if let Err(error) = self.try_put(resource).await {
            left_out(&error);
        }
    }

    /// Forgets resources that have changed.
    #[traced(fields(resource.count = ids.len()))]
    pub async fn forget(&self, ids: &[ResourceId]) {
        if let Err(error) = self.try_forget(ids).await {
            left_out(&error);
        }
    }

    async fn try_get(&self, id: ResourceId) -> Result<Option<Resource>, CacheError> {
        let kept: Option<Vec<u8>> = self.connection.clone().get(key(id)).await?;
        Ok(match kept {
            Some(json) => Some(serde_json::from_slice(&json)?),
            None => None,
        })
    }

    async fn try_put(&self, resource: &Resource) -> Result<(), CacheError> {
        let json = serde_json::to_vec(resource)?;
        let mut connection = self.connection.clone();
        let key = key(resource.id);
        let () = connection.set_ex(key, json, LIFETIME.as_secs()).await?;
        Ok(())
    }

    async fn try_forget(&self, ids: &[ResourceId]) -> Result<(), CacheError> {
        let keys: Vec<String> = ids.iter().map(|id| key(*id)).collect();
        let () = self.connection.clone().del(keys).await?;
        Ok(())
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

/// The work goes on without the cache.
fn left_out(error: &CacheError) {
    record_error(error);
    warn!(
        error = error as &(dyn std::error::Error + 'static),
        "the cache is left out"
    );
}

fn key(id: ResourceId) -> String {
    format!("resource-api:resource:{}", id.0)
}
