//! The spans of one run: kept by an exporter of our own, folded into a tree, and written out.
//!
//! `keep` (an [`Exporter`](otel_runtime::export::Exporter), on the collector's thread) → `fold`
//! (siblings of one name become one line) → `write` (text).

mod fold;
mod keep;
mod write;

pub use fold::{Detail, Node, fold};
pub use keep::{Field, Keeper, Kept, KeptSpan};
pub use write::{closing, tree};
