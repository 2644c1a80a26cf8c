//! What the errors of others mean: those of the standard library always, those of a crate behind
//! the feature that is called like it.

mod io;
mod library;

use std::error::Error;

use super::meaning::Classification;

/// The meaning of an error, if it is one of those in this folder.
pub(super) fn classify<'a>(error: &'a (dyn Error + 'static)) -> Option<Classification<'a>> {
    library::KNOWN.iter().find_map(|look| look(error))
}
