//! A transaction whose statements are recorded, its beginning and end included.

use std::ops::{Deref, DerefMut};

use futures_core::future::BoxFuture;
use otel_runtime::db::{DbTarget, Lent, Target};
use sqlx::{Acquire, Error};

use crate::call::Call;
use crate::connection::Connection;
use crate::stream::Answer;
use crate::system::{Asks, System};

/// A transaction whose statements are recorded; `&mut *transaction` is an
/// [`Executor`](sqlx::Executor).
///
/// One that is dropped without [`commit`](Self::commit) is rolled back as that of `sqlx` is, when the
/// connection is used next: nobody waits for it, and it is no span.
#[derive(Debug)]
pub struct Transaction<'c, DB: System> {
    connection: Connection<DB, sqlx::Transaction<'c, DB>>,
    /// The connection is away from its pool as long as this.
    lent: Option<Lent>,
    /// It is inside of another.
    is_inner: bool,
}

impl<'c, DB: System> Transaction<'c, DB> {
    pub(crate) const fn new(
        inner: sqlx::Transaction<'c, DB>,
        asks: Asks,
        lent: Option<Lent>,
    ) -> Self {
        Self {
            connection: Connection::new(inner, asks),
            lent,
            is_inner: false,
        }
    }

    /// Keeps what was done.
    ///
    /// # Errors
    /// As [`sqlx::Transaction::commit`].
    pub async fn commit(self) -> Result<(), Error> {
        let text = if self.is_inner {
            "RELEASE SAVEPOINT"
        } else {
            "COMMIT"
        };
        let call = Call::begin(&self.connection.asks, text);
        let _lent = self.lent;
        let committed = self.connection.into_inner().commit();
        Answer::new(call, Box::pin(committed)).await
    }

    /// Takes back what was done.
    ///
    /// # Errors
    /// As [`sqlx::Transaction::rollback`].
    pub async fn rollback(self) -> Result<(), Error> {
        let text = if self.is_inner {
            "ROLLBACK TO SAVEPOINT"
        } else {
            "ROLLBACK"
        };
        let call = Call::begin(&self.connection.asks, text);
        let _lent = self.lent;
        let taken_back = self.connection.into_inner().rollback();
        Answer::new(call, Box::pin(taken_back)).await
    }

    /// A transaction inside of this one.
    ///
    /// # Errors
    /// As [`sqlx::Connection::begin`].
    pub async fn begin(&mut self) -> Result<Transaction<'_, DB>, Error> {
        let asks = self.connection.asks;
        let call = Call::begin(&asks, "SAVEPOINT");
        let begun = sqlx::Transaction::begin(self.connection.get_mut(), None);
        let inner = Answer::new(call, begun).await?;
        Ok(Transaction {
            is_inner: true,
            ..Transaction::new(inner, asks, None)
        })
    }
}

impl<'c, DB: System> Deref for Transaction<'c, DB> {
    type Target = Connection<DB, sqlx::Transaction<'c, DB>>;

    fn deref(&self) -> &Self::Target {
        &self.connection
    }
}

impl<DB: System> DerefMut for Transaction<'_, DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.connection
    }
}

impl<DB: System> DbTarget for Transaction<'_, DB> {
    fn db_target(&self) -> Option<&'static Target> {
        self.connection.db_target()
    }
}

/// As [`Acquire`] of a [`Pool`](crate::Pool): what is asked through it is not recorded.
impl<'t, DB: System> Acquire<'t> for &'t mut Transaction<'_, DB> {
    type Database = DB;
    type Connection = &'t mut DB::Connection;

    fn acquire(self) -> BoxFuture<'t, Result<Self::Connection, Error>> {
        Box::pin(std::future::ready(Ok(self.connection.get_mut())))
    }

    fn begin(self) -> BoxFuture<'t, Result<sqlx::Transaction<'t, DB>, Error>> {
        sqlx::Transaction::begin(self.connection.get_mut(), None)
    }
}
