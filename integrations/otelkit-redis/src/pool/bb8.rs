//! Pools of `bb8`.

use ::bb8::{ManageConnection, Pool, PooledConnection, RunError};
use otel_runtime::db::PoolState;
use redis::aio::ConnectionLike;

use crate::pool::asynchronous::{Pooling, sealed};

impl<M: ManageConnection<Connection: ConnectionLike + Sync>> Pooling for Pool<M> {}

impl<M: ManageConnection<Connection: ConnectionLike + Sync>> sealed::Pooling for Pool<M> {
    type Connection<'p> = PooledConnection<'p, M>;
    type Error = RunError<M::Error>;

    fn state(&self) -> PoolState {
        let state = self.state();
        let used = state.connections.saturating_sub(state.idle_connections);
        PoolState::new(state.idle_connections, used).max(self.config().max_size)
    }

    async fn connection(&self) -> Result<PooledConnection<'_, M>, Self::Error> {
        self.get().await
    }

    fn is_timeout(error: &Self::Error) -> bool {
        matches!(error, RunError::TimedOut)
    }
}
