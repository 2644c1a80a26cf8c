//! What is counted of a call.

use proc_macro2::Span;
use syn::{Expr, LitInt, LitStr, Type};

use super::labels::LabelsPlan;
use super::{OutcomePlan, Params, Shape, nameable};
use crate::error::Errors;
use crate::parse::{Amount, Buckets, Extra, Function, MeterArgs, Objective};

/// What is counted of a call.
pub(crate) struct MeteringPlan {
    /// The call is no span.
    pub(crate) is_untraced: bool,
    /// Nothing is counted but what it asks a database.
    pub(crate) is_query_alone: bool,
    pub(crate) names: Option<Names>,
    pub(crate) unit: Option<LitStr>,
    pub(crate) description: Option<Expr>,
    pub(crate) labels: Option<LabelsPlan>,
    pub(crate) max_series: Option<LitInt>,
    pub(crate) in_flight: Option<LitStr>,
    pub(crate) buckets: Option<Buckets>,
    pub(crate) errors: KnownErrors,
    /// It can be dropped before it is over.
    pub(crate) is_cancellable: bool,
    pub(crate) objective: Option<Objective>,
    pub(crate) extras: Vec<Extra>,
}

/// What the metrics of a call are called.
pub(crate) struct Names {
    pub(crate) duration: LitStr,
    pub(crate) calls: LitStr,
}

/// Which errors the call is known to return.
pub(crate) enum KnownErrors {
    /// Nothing is looked at.
    Ignored,
    /// Those of this type.
    Of(Box<Type>),
    /// That there is no value.
    Absence,
    /// Nobody knows.
    Open,
}

impl MeteringPlan {
    /// Without `args`, nothing is counted but what it asks a database.
    pub(super) fn new(
        args: Option<MeterArgs>,
        is_untraced: bool,
        outcome: &OutcomePlan,
        shape: &Shape,
        function: &Function,
        params: &Params,
        errors: &mut Errors,
    ) -> Self {
        let is_query_alone = args.is_none();
        let args = args.unwrap_or_default();
        let named = |suffix: &str| {
            let name = args.name.as_ref()?;
            let text = format!("{}.{suffix}", name.value());
            Some(LitStr::new(&text, name.span()))
        };
        let names = named("duration")
            .zip(named("calls"))
            .map(|(duration, calls)| Names { duration, calls });
        let in_flight = || {
            named("in_flight")
                .unwrap_or_else(|| LitStr::new("function.in_flight", Span::mixed_site()))
        };
        Self {
            is_untraced,
            is_query_alone,
            names,
            in_flight: args.in_flight.then(in_flight),
            unit: args.unit,
            description: args.description,
            max_series: args.max_series,
            labels: LabelsPlan::new(args.labels, function, params, errors),
            buckets: args.buckets,
            errors: KnownErrors::of(outcome, shape, function),
            is_cancellable: shape.is_polled(),
            objective: args.objective,
            extras: args.extras,
        }
    }

    /// What is evaluated before the body.
    pub(super) fn on_arguments(&self) -> impl Iterator<Item = &Expr> {
        let labels = self.labels.iter().flat_map(LabelsPlan::values);
        let amounts = self.extras.iter().filter_map(|extra| match &extra.amount {
            Amount::OfArguments(expr) => Some(expr),
            Amount::OfResult(_) | Amount::One => None,
        });
        labels.chain(amounts)
    }

    /// True if something is counted of the value that comes out.
    pub(crate) fn looks_at_value(&self) -> bool {
        self.extras
            .iter()
            .any(|extra| matches!(extra.amount, Amount::OfResult(_)))
    }
}

impl KnownErrors {
    fn of(outcome: &OutcomePlan, shape: &Shape, function: &Function) -> Self {
        if !outcome.errors {
            return Self::Ignored;
        }
        if outcome.none {
            return Self::Absence;
        }
        if outcome.map.is_some() || !outcome.asks_meaning {
            return Self::Open;
        }
        let named = |output| nameable::error_of(output, &function.sig.generics);
        match shape.output().and_then(named) {
            Some(output) => Self::Of(Box::new(output)),
            None => Self::Open,
        }
    }
}
