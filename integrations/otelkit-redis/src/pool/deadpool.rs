//! Pools of `deadpool`.

use std::ops::DerefMut;

use ::deadpool::managed::{Manager, Object, Pool, PoolError};
use otel_runtime::db::PoolState;
use redis::aio::ConnectionLike;

use crate::pool::asynchronous::{Pooling, sealed};

impl<M, W> Pooling for Pool<M, W>
where
    M: Manager + 'static,
    W: From<Object<M>> + DerefMut<Target: ConnectionLike> + Send + Sync + 'static,
{
}

impl<M, W> sealed::Pooling for Pool<M, W>
where
    M: Manager + 'static,
    W: From<Object<M>> + DerefMut<Target: ConnectionLike> + Send + Sync + 'static,
{
    type Connection<'p> = W;
    type Error = PoolError<M::Error>;

    fn state(&self) -> PoolState {
        let status = self.status();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let used = status.size.saturating_sub(status.available);
        PoolState::new(number(status.available), number(used)).max(number(status.max_size))
    }

    async fn connection(&self) -> Result<W, Self::Error> {
        self.get().await
    }

    fn is_timeout(error: &Self::Error) -> bool {
        matches!(error, PoolError::Timeout(_))
    }
}
