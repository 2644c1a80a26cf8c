//! Whether the thread is inside of a call that is measured as a query already.
//!
//! A function with `#[db_query]` asks through a client that an integration may observe as well: what
//! that does for the function is part of the call, and neither a second span nor a second duration.

use std::cell::Cell;

thread_local! {
    /// How many such calls the thread is inside of.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// True inside of a function with `#[db_query]`, on its thread: what observes a database's client
/// leaves out what happens then.
///
/// ```
/// use otel_runtime::{db, db_query};
///
/// #[db_query(system = "redis", operation = "GET")]
/// fn session() -> bool {
///     db::is_asking()
/// }
///
/// assert!(!db::is_asking());
/// # session();
/// ```
#[must_use]
pub fn is_asking() -> bool {
    DEPTH.try_with(|depth| depth.get() > 0).unwrap_or(false)
}

/// A query begins, or goes on, on this thread.
#[inline]
pub(crate) fn enter() {
    let _ = DEPTH.try_with(|depth| depth.set(depth.get() + 1));
}

/// It ends, or goes on later.
#[inline]
pub(crate) fn leave() {
    let _ = DEPTH.try_with(|depth| depth.set(depth.get().saturating_sub(1)));
}
