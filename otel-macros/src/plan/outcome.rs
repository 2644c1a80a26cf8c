//! What is looked at when the function has returned.

use syn::Expr;

use super::Shape;
use crate::parse::{Args, Style};

/// What is looked at when the function has returned.
#[derive(Default)]
pub(crate) struct OutcomePlan {
    /// Look for an error in the returned value.
    pub(crate) errors: bool,
    /// What to record of an error in its place.
    pub(crate) map: Option<Expr>,
    /// Which errors count as success.
    pub(crate) ok_if: Option<Expr>,
    /// Which errors are recorded without failing the span.
    pub(crate) expected: Option<Expr>,
    /// `None` counts as an error.
    pub(crate) none: bool,
    /// Record the returned value.
    pub(crate) ret: Option<Style>,
}

impl OutcomePlan {
    pub(super) fn new(args: &mut Args, shape: &Shape) -> Self {
        Self {
            errors: shape.looks_fallible() || asks_for_errors(args),
            map: args.err.take().and_then(|err| err.map),
            ok_if: args.ok_if.take().map(|option| option.expr),
            expected: args.expected.take().map(|option| option.expr),
            none: args.none.is_some(),
            ret: args.ret.take().map(|(_, style)| style),
        }
    }

    /// True if nothing is looked at.
    pub(crate) fn is_ignored(&self) -> bool {
        !self.errors && self.ret.is_none()
    }
}

/// True if an option says that the returned value can be an error.
pub(super) fn asks_for_errors(args: &Args) -> bool {
    args.err.is_some() || args.ok_if.is_some() || args.expected.is_some() || args.none.is_some()
}
