//! The same for async connections.

use redis::aio::ConnectionLike;
use redis::{Cmd, Pipeline, RedisFuture, Value};

use crate::connection::Traced;
use crate::operation::Operation;

impl<C: ConnectionLike + Send> ConnectionLike for Traced<C> {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        // The span begins with the first poll: a future that nobody asks is no call.
        Box::pin(async move {
            let operation = Operation::begin(&self.server, self.connection.get_db(), command);
            let answer = self.connection.req_packed_command(command).await;
            operation.end(&answer);
            answer
        })
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        Box::pin(async move {
            let operation = Operation::begin(&self.server, self.connection.get_db(), pipeline);
            let answer = self.connection.req_packed_commands(pipeline, offset, count);
            let answer = answer.await;
            operation.end(&answer);
            answer
        })
    }

    fn get_db(&self) -> i64 {
        self.connection.get_db()
    }
}
