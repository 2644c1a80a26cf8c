//! Connections that are away from their pool.

use std::fmt;
use std::ops::{Deref, DerefMut};

use futures_core::future::BoxFuture;
use otel_runtime::db::{DbTarget, Lent, Target};
use sqlx::pool::PoolConnection as RawConnection;
use sqlx::{Acquire, Error, SqlSafeStr, SqlStr};

use crate::call::Call;
use crate::connection::Connection;
use crate::stream::Answer;
use crate::system::{Asks, System};
use crate::transaction::Transaction;

/// A connection of `sqlx` that is away from its pool, and since when. What it is asked is not recorded.
pub struct Held<DB: System> {
    connection: RawConnection<DB>,
    lent: Lent,
}

impl<DB: System> Held<DB> {
    pub(crate) const fn new(connection: RawConnection<DB>, lent: Lent) -> Self {
        Self { connection, lent }
    }

    pub(crate) fn connection(&mut self) -> &mut DB::Connection {
        &mut self.connection
    }

    pub(crate) fn apart(self) -> (RawConnection<DB>, Lent) {
        (self.connection, self.lent)
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
        self.begin_by(None).await
    }

    /// A transaction that is begun by this statement, such as `BEGIN IMMEDIATE`.
    ///
    /// # Errors
    /// As [`sqlx::Connection::begin_with`].
    pub async fn begin_with(
        &mut self,
        statement: impl SqlSafeStr,
    ) -> Result<Transaction<'_, DB>, Error> {
        self.begin_by(Some(statement.into_sql_str())).await
    }

    async fn begin_by(&mut self, statement: Option<SqlStr>) -> Result<Transaction<'_, DB>, Error> {
        let asks = self.0.asks;
        let call = Call::begin_transaction(&asks, statement.as_ref());
        let connection: &mut DB::Connection = &mut self.0.holder().connection;
        let begun = sqlx::Transaction::begin(connection, statement);
        let transaction = Answer::new(call, begun).await?;
        Ok(Transaction::new(transaction, asks, None))
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
        self.0.db_target()
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
