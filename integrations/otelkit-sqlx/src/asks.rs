//! What all calls through one pool or connection have in common.

use otel_runtime::db::Target;

use crate::system::Known;

/// What all calls through one pool or connection have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asks {
    pub(crate) known: &'static Known,
    pub(crate) target: Option<&'static Target>,
}
