//! The spans of one run: kept by an exporter of our own, folded into a tree, and written out. Its
//! metrics: read from the runtime, and written as a table.
//!
//! `keep` (an [`Exporter`](otel_runtime::export::Exporter), on the collector's thread) → `fold`
//! (siblings of one name become one line) → `write` (text).
//!
//! `latency` (the calls of an operation, however they ended) → `table` (text).

mod fold;
mod keep;
mod latency;
mod table;
mod write;

pub use fold::{Detail, Node, fold};
pub use keep::{Field, Keeper, Kept, KeptSpan};
pub use latency::{Operation, operations, operations_of};
pub use table::{Layout, table};
pub use write::{closing, tree};
