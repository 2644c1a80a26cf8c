//! Calls of databases: whom they ask, how long they take, and what their statements say.
//!
//! `#[db_query]` and the integrations with database clients stand on this. What is known at compile
//! time is in a [`QuerySpec`](crate::site::QuerySpec) of the Site; a caller's thread keeps one
//! reference to the [`Target`] and looks its series up when the call is over. Statements that are
//! not known before they come are read by the collector.

mod asking;
mod duration;
mod failures;
#[cfg(feature = "sql")]
mod learnt;
mod lent;
mod pool;
#[cfg(any(
    feature = "sqlx-mysql",
    feature = "sqlx-postgres",
    feature = "sqlx-sqlite"
))]
mod sqlx;
#[cfg(feature = "sql")]
mod statements;
mod target;

pub use asking::is_asking;
pub(crate) use asking::{enter, leave};
pub(crate) use duration::{Failure, record_in, series};
pub use duration::{Operation, Summary, record};
pub(crate) use failures::FailureId;
#[cfg(feature = "sql")]
pub use learnt::record_statement;
#[cfg(feature = "sql")]
pub(crate) use learnt::{abandon, read_waiting};
pub use lent::{Lent, Waiting};
pub use pool::{PoolMetrics, PoolState};
#[cfg(feature = "sql")]
pub(crate) use statements::Statements as ReadStatements;
pub(crate) use target::TargetId;
#[doc(hidden)]
pub use target::probe;
pub use target::{DbTarget, Target};

/// Nothing is read.
#[cfg(not(feature = "sql"))]
#[derive(Debug, Default)]
pub(crate) struct ReadStatements(());

/// There is nothing to leave behind.
#[cfg(not(feature = "sql"))]
pub(crate) fn abandon() {}

/// There is nothing to read.
#[cfg(not(feature = "sql"))]
pub(crate) fn read_waiting() {}
