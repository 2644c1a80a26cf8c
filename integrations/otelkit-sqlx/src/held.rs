//! Connections that are away from their pool.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use futures_core::future::BoxFuture;
use otel_runtime::db::{DbTarget, Target};
use sqlx::pool::PoolConnection as RawConnection;
use sqlx::{Acquire, Error};

use crate::asks::Asks;
use crate::call::Call;
use crate::connection::Connection;
use crate::metrics::{Counted, Usage};
use crate::stream::Answer;
use crate::system::System;
use crate::transaction::Transaction;

/// A connection that is away from its pool, and since when.
pub struct Held<DB: System> {
    connection: RawConnection<DB>,
    usage: Usage,
}

impl<DB: System> Held<DB> {
    pub(crate) fn new(connection: RawConnection<DB>, counted: Arc<Counted>) -> Self {
        Self {
            connection,
            usage: Usage::begin(counted),
        }
    }

    pub(crate) fn connection(&mut self) -> &mut DB::Connection {
        &mut self.connection
    }

    pub(crate) fn apart(self) -> (RawConnection<DB>, Usage) {
        (self.connection, self.usage)
    }
}

impl<DB: System> Deref for Held<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.connection
    }
}

impl<DB: System> DerefMut for Held<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.connection
    }
}

impl<DB: System> fmt::Debug for Held<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}

/// A connection from a [`Pool`](crate::Pool), which goes back when this is dropped. `&mut *connection`
/// is an [`Executor`](sqlx::Executor).
#[derive(Debug)]
pub struct PoolConnection<DB: System>(Connection<DB, Held<DB>>);

impl<DB: System> PoolConnection<DB> {
    pub(crate) const fn new(held: Held<DB>, asks: Asks) -> Self {
        Self(Connection::new(held, asks))
    }

    /// A transaction on this connection.
    ///
    /// # Errors
    /// As [`sqlx::Connection::begin`].
    pub async fn begin(&mut self) -> Result<Transaction<'_, DB>, Error> {
        let asks = self.0.asks;
        let call = Call::begin(&asks, "BEGIN");
        let connection: &mut RawConnection<DB> = &mut self.0.holder().connection;
        let begun: BoxFuture<'_, _> = Box::pin(sqlx::Transaction::begin(&mut **connection, None));
        Ok(Transaction::new(
            Answer::new(call, begun).await?,
            asks,
            None,
        ))
    }
}

impl<DB: System> Deref for PoolConnection<DB> {
    type Target = Connection<DB, Held<DB>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<DB: System> DerefMut for PoolConnection<DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<DB: System> DbTarget for PoolConnection<DB> {
    fn db_target(&self) -> Option<&'static Target> {
        self.0.asks.target
    }
}

/// As [`Acquire`] of a [`Pool`](crate::Pool): what is asked through it is not recorded.
impl<'c, DB: System> Acquire<'c> for &'c mut PoolConnection<DB> {
    type Database = DB;
    type Connection = &'c mut DB::Connection;

    fn acquire(self) -> BoxFuture<'c, Result<Self::Connection, Error>> {
        Box::pin(std::future::ready(Ok(self.0.get_mut())))
    }

    fn begin(self) -> BoxFuture<'c, Result<sqlx::Transaction<'c, DB>, Error>> {
        sqlx::Transaction::begin(self.0.get_mut(), None)
    }
}
