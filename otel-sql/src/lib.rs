//! What an SQL statement does, and its text without values.
//!
//! ```
//! use otel_sql::{Dialect, Statement};
//!
//! let sql = "SELECT name FROM users WHERE email = 'ann@example.com' -- by mail";
//! let statement = Statement::read(sql, Dialect::PostgreSql);
//! assert_eq!(statement.summary.as_deref(), Some("SELECT users"));
//! assert_eq!(statement.operation.as_deref(), Some("SELECT"));
//! assert_eq!(statement.collection.as_deref(), Some("users"));
//! assert_eq!(statement.text.as_deref(), Some("SELECT name FROM users WHERE email = ?"));
//! ```
//!
//! Works on tokens, not on a grammar: a statement of an unknown vendor, with a syntax error or cut
//! in the middle is read as far as it goes. What is a value and what is a name depends on the
//! [`Dialect`] alone. A text whose quotes do not close could hide a value anywhere: nothing of it is
//! shown. Time and memory are linear in the length of the text; nothing recurses.
//!
//! The road: `lex` cuts tokens, `sanitise` and `walk` look at each of them once.
#![deny(unsafe_code)]

#[cfg(feature = "check")]
mod check;
mod dialect;
mod lex;
mod literal;
mod name;
mod sanitise;
mod scope;
mod statement;
mod summary;
mod walk;
mod words;

#[cfg(feature = "check")]
pub use check::{Place, SyntaxError, check};
pub use dialect::Dialect;
pub use statement::Statement;
