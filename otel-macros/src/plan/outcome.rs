//! What is looked at when the function has returned.

use proc_macro2::Span;
use syn::Expr;

use super::Shape;
use crate::parse::{Args, Mapping, Style};

/// What is looked at when the function has returned.
#[derive(Default)]
pub(crate) struct OutcomePlan {
    /// Look for an error in the returned value.
    pub(crate) errors: bool,
    /// What to ask of the error's type.
    pub(crate) trust: Trust,
    /// Ask an error what it means.
    pub(crate) asks_meaning: bool,
    /// What to record of an error in its place.
    pub(crate) map: Option<Expr>,
    /// Which errors count as success.
    pub(crate) ok_if: Option<Expr>,
    /// Which errors are recorded without failing the span.
    pub(crate) expected: Option<Expr>,
    /// `None` counts as an error.
    pub(crate) none: bool,
    /// Record the returned value, as this option says.
    pub(crate) ret: Option<(Span, Style)>,
    /// How many rows the returned value is.
    pub(crate) rows: Option<Expr>,
    /// The option that made errors matter.
    pub(crate) asked_by: Option<Span>,
}

/// Which of its traits the error's type is asked for.
#[derive(Clone, Copy, Default)]
pub(crate) enum Trust {
    /// `Error`, and all below.
    #[default]
    Everything,
    /// `Display` and `Debug` only; see [`Shape::knows_error`].
    Text,
    /// None; see [`Shape::infers_error`].
    Nothing,
}

impl OutcomePlan {
    pub(super) fn new(args: &mut Args, shape: &Shape) -> Self {
        let option = |option: &Option<Mapping>| option.as_ref().map(|option| option.span);
        let asked_by = (args.err.as_ref().map(|err| err.span))
            .or_else(|| option(&args.ok_if))
            .or_else(|| option(&args.expected))
            .or(args.none);
        Self {
            trust: if shape.infers_error() {
                Trust::Nothing
            } else if args.err.is_some() || shape.knows_error() {
                Trust::Everything
            } else {
                Trust::Text
            },
            asks_meaning: !shape.infers_error() && shape.knows_meaning(),
            errors: shape.looks_fallible() || args.asks_for_errors(),
            map: args.err.take().and_then(|err| err.map),
            ok_if: args.ok_if.take().map(|option| option.expr),
            expected: args.expected.take().map(|option| option.expr),
            none: args.none.is_some(),
            ret: args.ret.take(),
            rows: None,
            asked_by,
        }
    }

    /// True if nothing is looked at.
    pub(crate) fn is_ignored(&self) -> bool {
        !self.errors && self.ret.is_none() && self.rows.is_none()
    }
}
