//! Connections that are away from their pool.

use std::fmt;
use std::ops::{Deref, DerefMut};

use otel_runtime::db;
use redis::aio::ConnectionLike;
use redis::{Cmd, Pipeline, RedisFuture, Value};

/// A connection that is away from its pool, and since when; it goes back when this is dropped.
pub struct Lent<P> {
    connection: P,
    _since: db::Lent,
}

impl<P> Lent<P> {
    pub(super) const fn new(connection: P, since: db::Lent) -> Self {
        Self {
            connection,
            _since: since,
        }
    }
}

impl<P> ConnectionLike for Lent<P>
where
    P: DerefMut<Target: ConnectionLike>,
{
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        self.connection.req_packed_command(command)
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        self.connection.req_packed_commands(pipeline, offset, count)
    }

    fn get_db(&self) -> i64 {
        self.connection.get_db()
    }
}

/// The pool's own, whose commands are not recorded.
impl<P: Deref> Deref for Lent<P> {
    type Target = P::Target;

    fn deref(&self) -> &P::Target {
        &self.connection
    }
}

impl<P: DerefMut> DerefMut for Lent<P> {
    fn deref_mut(&mut self) -> &mut P::Target {
        &mut self.connection
    }
}

impl<P> fmt::Debug for Lent<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").finish_non_exhaustive()
    }
}
