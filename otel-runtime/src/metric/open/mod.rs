//! Labels whose values are not known before they come.
//!
//! ```text
//!  value ─► table: a hash, a slot, the key ─► place and generation ─► page of the thread ─► cell
//!             │ not there                                              │ of an earlier generation
//!             ▼                                                        ▼
//!           lock: a free place, or the overflow                      emptied by its one writer
//! ```
//!
//! There are as many places as the label may have values. The collector takes a
//! place back from a value that has not been used for long; the next one gets it
//! with a new generation, and no number is ever carried from one generation to
//! the other: a page is read only for the generation that it is stamped with,
//! and a thread that comes late finds a stamp that is not its own.

mod expiry;
mod interner;
mod key;
#[cfg(all(test, loom))]
mod loom_model;
mod page;
pub mod probe;
mod series;
mod stamp;
mod sync;
mod table;
#[cfg(all(test, not(loom)))]
mod tests;
mod value;

pub(crate) use expiry::expire;
pub use interner::Interner;
pub(super) use page::{Page, Pages, cells, cells_again, pages, seen};
pub use series::Series;
pub(super) use series::{MOST_COMBINATIONS, MOST_PLACES};
pub(crate) use stamp::Generation;
pub(crate) use table::{Live, Place};
pub(crate) use value::set_value_limit;
pub use value::{OpenValue, Value};
