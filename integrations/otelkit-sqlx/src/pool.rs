//! A pool whose statements are recorded, and of which it is counted what they wait for.

use std::fmt;
use std::future::poll_fn;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use otel_runtime::db::{DbTarget, Target};
use sqlx::{Acquire, Either, Error, Execute, Executor, SqlSafeStr, SqlStr};

use crate::call::Call;
use crate::held::{Held, PoolConnection};
use crate::metrics::Counted;
use crate::query::Asked;
use crate::stream::{Answer, Answers};
use crate::system::{Asks, System};
use crate::transaction::Transaction;

/// A pool of `sqlx` whose statements are recorded; `&pool` is an [`Executor`].
///
/// Clones are the same pool. Metrics of its connections are exported until the last one is dropped.
pub struct Pool<DB: System> {
    inner: sqlx::Pool<DB>,
    asks: Asks,
    counted: Counted,
}

impl<DB: System> Pool<DB> {
    /// The same pool, recorded; its metrics go by the name `server.address:server.port/db.namespace`.
    #[must_use]
    pub fn new(pool: sqlx::Pool<DB>) -> Self {
        let asks = DB::asks(&pool);
        Self::asking(pool, asks, None)
    }

    /// The same, with metrics by this name, `db.client.connection.pool.name`.
    #[must_use]
    pub fn named(pool: sqlx::Pool<DB>, name: &str) -> Self {
        let asks = DB::asks(&pool);
        Self::asking(pool, asks, Some(name))
    }

    fn asking(pool: sqlx::Pool<DB>, asks: Asks, name: Option<&str>) -> Self {
        let name = name.map_or_else(|| name_of(asks.target), str::to_owned);
        Self {
            counted: Counted::new(&name, &pool),
            asks,
            inner: pool,
        }
    }

    /// The pool of `sqlx`, whose statements are not recorded.
    #[must_use]
    pub const fn inner(&self) -> &sqlx::Pool<DB> {
        &self.inner
    }

    /// A connection from the pool.
    ///
    /// # Errors
    /// As [`sqlx::Pool::acquire`].
    pub async fn acquire(&self) -> Result<PoolConnection<DB>, Error> {
        let held = acquire(self.inner.clone(), self.counted.clone()).await?;
        Ok(PoolConnection::new(held, self.asks))
    }

    /// A transaction on a connection from the pool.
    ///
    /// # Errors
    /// As [`sqlx::Pool::begin`].
    pub async fn begin(&self) -> Result<Transaction<'static, DB>, Error> {
        self.begin_by(None).await
    }

    /// A transaction that is begun by this statement, such as `BEGIN IMMEDIATE`.
    ///
    /// # Errors
    /// As [`sqlx::Pool::begin_with`].
    pub async fn begin_with(
        &self,
        statement: impl SqlSafeStr,
    ) -> Result<Transaction<'static, DB>, Error> {
        self.begin_by(Some(statement.into_sql_str())).await
    }

    async fn begin_by(&self, statement: Option<SqlStr>) -> Result<Transaction<'static, DB>, Error> {
        let call = Call::begin_transaction(&self.asks, statement.as_ref());
        let (pool, counted) = (self.inner.clone(), self.counted.clone());
        let begun = async move {
            let held = acquire(pool, counted).await?;
            let (connection, lent) = held.apart();
            let transaction = sqlx::Transaction::begin(connection, statement).await?;
            Ok((transaction, lent))
        };
        let (transaction, lent) = Answer::new(call, Box::pin(begun)).await?;
        Ok(Transaction::new(transaction, self.asks, Some(lent)))
    }

    /// Closes the pool.
    pub async fn close(&self) {
        self.inner.close().await;
    }
}

#[cfg(feature = "mysql")]
impl Pool<sqlx::MySql> {
    /// The same pool, known to reach a MariaDB: `db.system.name` is `mariadb`.
    #[must_use]
    pub fn mariadb(pool: sqlx::Pool<sqlx::MySql>) -> Self {
        let asks = Asks {
            known: crate::system::mariadb(),
            target: pool.db_target(),
        };
        Self::asking(pool, asks, None)
    }
}

/// Waits for a connection, and counts that and its use.
async fn acquire<DB: System>(pool: sqlx::Pool<DB>, counted: Counted) -> Result<Held<DB>, Error> {
    let connection = counted.wait(&pool).await?;
    Ok(Held::new(connection, counted.lend()))
}

fn name_of(target: Option<&Target>) -> String {
    let Some(target) = target else {
        return "pool".to_owned();
    };
    let mut name = target.address().unwrap_or_default().to_owned();
    if let Some(port) = target.port() {
        name += &format!(":{port}");
    }
    if let Some(namespace) = target.namespace() {
        if !name.is_empty() {
            name.push('/');
        }
        name += namespace;
    }
    name
}

impl<DB: System> Clone for Pool<DB> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            asks: self.asks,
            counted: self.counted.clone(),
        }
    }
}

impl<DB: System> fmt::Debug for Pool<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<DB: System> From<sqlx::Pool<DB>> for Pool<DB> {
    fn from(pool: sqlx::Pool<DB>) -> Self {
        Self::new(pool)
    }
}

impl<DB: System> DbTarget for Pool<DB> {
    fn db_target(&self) -> Option<&'static Target> {
        self.asks.target
    }
}

impl<'p, DB> Executor<'p> for &'_ Pool<DB>
where
    DB: System,
    for<'a> &'a mut DB::Connection: Executor<'a, Database = DB>,
{
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<DB::QueryResult, DB::Row>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let query = Asked::of(query);
        let call = Call::begin(&self.asks, query.text());
        let (pool, counted) = (self.inner.clone(), self.counted.clone());
        let answers = async_stream::try_stream! {
            let mut held = acquire(pool, counted).await?;
            let mut answers = held.connection().fetch_many(query);
            while let Some(answer) = poll_fn(|cx| answers.as_mut().poll_next(cx)).await {
                yield answer?;
            }
        };
        Box::pin(Answers::new(call, Box::pin(answers)))
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<DB::Row>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let query = Asked::of(query);
        let call = Call::begin(&self.asks, query.text());
        let (pool, counted) = (self.inner.clone(), self.counted.clone());
        let answer = async move {
            let mut held = acquire(pool, counted).await?;
            held.connection().fetch_optional(query).await
        };
        let answer = Answer::new(call, Box::pin(answer));
        Box::pin(answer.of_row(|row| Some(row.is_some())))
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [DB::TypeInfo],
    ) -> BoxFuture<'e, Result<DB::Statement, Error>>
    where
        'p: 'e,
    {
        let call = Call::prepare(&self.asks, sql.as_str());
        let (pool, counted) = (self.inner.clone(), self.counted.clone());
        let prepared = async move {
            let mut held = acquire(pool, counted).await?;
            held.connection().prepare_with(sql, parameters).await
        };
        Box::pin(Answer::new(call, Box::pin(prepared)))
    }
}

/// For functions that take any [`Acquire`]: the trait asks for what is a connection of `sqlx`, so what
/// is asked through it is not recorded. It is counted as every connection of the pool; of a transaction
/// only what it waited for.
impl<'a, DB: System> Acquire<'a> for &'_ Pool<DB> {
    type Database = DB;
    type Connection = Held<DB>;

    fn acquire(self) -> BoxFuture<'a, Result<Held<DB>, Error>> {
        Box::pin(acquire(self.inner.clone(), self.counted.clone()))
    }

    fn begin(self) -> BoxFuture<'a, Result<sqlx::Transaction<'a, DB>, Error>> {
        let (pool, counted) = (self.inner.clone(), self.counted.clone());
        Box::pin(async move {
            let connection = counted.wait(&pool).await?;
            sqlx::Transaction::begin(connection, None).await
        })
    }
}
