//! A connection whose statements are recorded.

use std::fmt::Debug;
use std::ops::DerefMut;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use otel_runtime::db::{DbTarget, Target};
use sqlx::{Database, Either, Error, Execute, Executor, SqlStr};

use crate::call::Call;
use crate::query::Asked;
use crate::stream::{Answer, Answers};
use crate::system::{Asks, System};

/// A connection whose statements are recorded; `&mut` of it is an [`Executor`].
///
/// What derefs to it, [`PoolConnection`](crate::PoolConnection) and
/// [`Transaction`](crate::Transaction), is used as those of `sqlx` are: `&mut *transaction`.
#[derive(Debug)]
pub struct Connection<DB: System, C> {
    inner: C,
    pub(crate) asks: Asks,
    of: std::marker::PhantomData<fn(DB)>,
}

impl<DB: System, C> Connection<DB, C>
where
    C: DerefMut<Target = DB::Connection>,
{
    pub(crate) const fn new(inner: C, asks: Asks) -> Self {
        Self {
            inner,
            asks,
            of: std::marker::PhantomData,
        }
    }

    /// The connection of `sqlx`, whose statements are not recorded.
    pub fn get_mut(&mut self) -> &mut DB::Connection {
        &mut self.inner
    }

    pub(crate) fn into_inner(self) -> C {
        self.inner
    }

    pub(crate) const fn holder(&mut self) -> &mut C {
        &mut self.inner
    }
}

impl<DB: System, C> DbTarget for Connection<DB, C> {
    fn db_target(&self) -> Option<&'static Target> {
        self.asks.target
    }
}

/// One for each database: of one for all of them, the compiler cannot tell in the end whether a
/// reference to a reference is one.
macro_rules! executor {
    ($feature:literal, $database:ty) => {
        #[cfg(feature = $feature)]
        impl<'c, C> Executor<'c> for &'c mut Connection<$database, C>
        where
            C: DerefMut<Target = <$database as Database>::Connection> + Debug + Send,
        {
            type Database = $database;

            fn fetch_many<'e, 'q: 'e, E>(
                self,
                query: E,
            ) -> BoxStream<
                'e,
                Result<
                    Either<<$database as Database>::QueryResult, <$database as Database>::Row>,
                    Error,
                >,
            >
            where
                'c: 'e,
                E: 'q + Execute<'q, $database>,
            {
                let query = Asked::of(query);
                let call = Call::begin(&self.asks, query.text());
                Box::pin(Answers::new(call, self.inner.fetch_many(query)))
            }

            fn fetch_optional<'e, 'q: 'e, E>(
                self,
                query: E,
            ) -> BoxFuture<'e, Result<Option<<$database as Database>::Row>, Error>>
            where
                'c: 'e,
                E: 'q + Execute<'q, $database>,
            {
                let query = Asked::of(query);
                let call = Call::begin(&self.asks, query.text());
                let answer = Answer::new(call, self.inner.fetch_optional(query));
                Box::pin(answer.of_row(|row| Some(row.is_some())))
            }

            fn prepare_with<'e>(
                self,
                sql: SqlStr,
                parameters: &'e [<$database as Database>::TypeInfo],
            ) -> BoxFuture<'e, Result<<$database as Database>::Statement, Error>>
            where
                'c: 'e,
            {
                let call = Call::prepare(&self.asks, sql.as_str());
                Box::pin(Answer::new(call, self.inner.prepare_with(sql, parameters)))
            }
        }
    };
}

executor!("postgres", sqlx::Postgres);
executor!("mysql", sqlx::MySql);
executor!("sqlite", sqlx::Sqlite);
executor!("any", sqlx::Any);
