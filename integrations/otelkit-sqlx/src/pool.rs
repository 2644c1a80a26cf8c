//! A pool whose statements are recorded, and of which it is counted what they wait for.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use otel_runtime::db::{DbTarget, Target};
use sqlx::pool::PoolConnection as RawConnection;
use sqlx::{Acquire, Either, Error, Execute, Executor, SqlStr};

use crate::asks::Asks;
use crate::call::Call;
use crate::held::{Held, PoolConnection};
use crate::metrics::Counted;
use crate::query::Asked;
use crate::stream::{Answer, Answers};
use crate::system::{Known, System};
use crate::transaction::Transaction;

/// A pool of `sqlx` whose statements are recorded; `&pool` is an [`Executor`].
///
/// Clones are the same pool. Metrics of its connections are exported until the last one is dropped.
pub struct Pool<DB: System> {
    inner: sqlx::Pool<DB>,
    asks: Asks,
    counted: Arc<Counted>,
}

impl<DB: System> Pool<DB> {
    /// The same pool, recorded; its metrics go by the name `server.address:server.port/db.namespace`.
    #[must_use]
    pub fn new(pool: sqlx::Pool<DB>) -> Self {
        Self::known(pool, DB::known(), None)
    }

    /// The same, with metrics by this name, `db.client.connection.pool.name`.
    #[must_use]
    pub fn named(pool: sqlx::Pool<DB>, name: &str) -> Self {
        Self::known(pool, DB::known(), Some(name))
    }

    fn known(pool: sqlx::Pool<DB>, known: &'static Known, name: Option<&str>) -> Self {
        let target = DB::target(&pool);
        let name = name.map_or_else(|| name_of(target), str::to_owned);
        Self {
            counted: Counted::new(&name, &pool),
            asks: Asks { known, target },
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
        let held = acquire(self.inner.clone(), Arc::clone(&self.counted)).await?;
        Ok(PoolConnection::new(held, self.asks))
    }

    /// A transaction on a connection from the pool.
    ///
    /// # Errors
    /// As [`sqlx::Pool::begin`].
    pub async fn begin(&self) -> Result<Transaction<'static, DB>, Error> {
        let (pool, counted) = (self.inner.clone(), Arc::clone(&self.counted));
        let begun = async move {
            let held = acquire(pool, counted).await?;
            let (connection, usage) = held.apart();
            let transaction = sqlx::Transaction::begin(connection, None).await?;
            Ok((transaction, usage))
        };
        let call = Call::begin(&self.asks, "BEGIN");
        let (transaction, usage) = Answer::new(call, Box::pin(begun)).await?;
        Ok(Transaction::new(transaction, self.asks, Some(usage)))
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
        Self::known(pool, crate::system::mariadb(), None)
    }
}

/// Waits for a connection, and counts that.
async fn acquire<DB: System>(
    pool: sqlx::Pool<DB>,
    counted: Arc<Counted>,
) -> Result<Held<DB>, Error> {
    let waiting = counted.wait();
    let connection = pool.acquire().await;
    waiting.end(&connection);
    Ok(Held::new(connection?, counted))
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
            counted: Arc::clone(&self.counted),
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
        let (pool, counted) = (self.inner.clone(), Arc::clone(&self.counted));
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
        let (pool, counted) = (self.inner.clone(), Arc::clone(&self.counted));
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
        let (pool, counted) = (self.inner.clone(), Arc::clone(&self.counted));
        let prepared = async move {
            let mut held = acquire(pool, counted).await?;
            held.connection().prepare_with(sql, parameters).await
        };
        Box::pin(Answer::new(call, Box::pin(prepared)))
    }
}

/// For functions that take any [`Acquire`]: the trait asks for connections of `sqlx`, so what is
/// asked through them is not recorded.
impl<'a, DB: System> Acquire<'a> for &'_ Pool<DB> {
    type Database = DB;
    type Connection = RawConnection<DB>;

    fn acquire(self) -> BoxFuture<'a, Result<Self::Connection, Error>> {
        let pool = self.inner.clone();
        Box::pin(async move { pool.acquire().await })
    }

    fn begin(self) -> BoxFuture<'a, Result<sqlx::Transaction<'a, DB>, Error>> {
        let pool = self.inner.clone();
        Box::pin(async move { pool.begin().await })
    }
}
