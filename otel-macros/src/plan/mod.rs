//! The second phase: what the annotation means for this function. All rules
//! are checked here; expansion only writes down what the plan says.

mod block;
mod borrowed;
mod check;
mod classify;
mod fields;
mod label;
mod labels;
mod location;
mod metering;
mod nameable;
mod outcome;
mod params;
mod query;
mod returned;
mod shape;
mod statement;

use syn::{Expr, Path};

use crate::error::Errors;
use crate::parse::{Args, Choice, Function, Mapping, MeterArgs, QueryArgs};
use crate::scan;

pub(crate) use block::{BlockPlan, MemberPlan, check_defaults};
pub(crate) use classify::{Arm, ClassifyPlan, Code, Meaning, Tweaks};
pub(crate) use fields::{Capture, Declared, manual_captures};
pub(crate) use label::LabelPlan;
pub(crate) use labels::LabelsPlan;
pub(crate) use location::Location;
pub(crate) use metering::{KnownErrors, MeteringPlan};
pub(crate) use outcome::{OutcomePlan, Trust};
pub(crate) use params::Params;
pub(crate) use query::{QueryPlan, TargetPlan, TextPlan};
pub(crate) use returned::Expected;
pub(crate) use shape::Shape;

/// Everything that expansion needs to know about an annotated function.
pub(crate) struct Plan {
    pub(crate) site: SitePlan,
    pub(crate) captures: Vec<Capture>,
    pub(crate) start: StartPlan,
    pub(crate) links: Vec<Expr>,
    pub(crate) shape: Shape,
    pub(crate) params: Params,
    pub(crate) outcome: OutcomePlan,
    pub(crate) function: Function,
}

/// What the Site of an annotated place says.
pub(crate) struct SitePlan {
    /// The crate that the generated code names, if not `::otel_runtime`.
    pub(crate) runtime: Option<Path>,
    /// The name, unless it is to be found from the path of the place.
    pub(crate) name: Option<Expr>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) level: Option<&'static str>,
    pub(crate) target: Option<Expr>,
    pub(crate) fields: Vec<Declared>,
    pub(crate) busy: bool,
    pub(crate) logged: bool,
    pub(crate) stack_trace: bool,
    pub(crate) location: Location,
    /// What is counted of its calls.
    pub(crate) metering: Option<MeteringPlan>,
    /// What its calls ask a database.
    pub(crate) query: Option<QueryPlan>,
}

/// Which span is the parent.
pub(crate) enum StartPlan {
    /// The current one.
    Current,
    /// The current one, and the span has something to tell when it begins.
    Here,
    /// None.
    Root,
    /// That of an expression.
    ChildOf(Expr),
}

impl Plan {
    /// Checks the annotations against the function they stand on.
    ///
    /// Without `#[traced]`, `args` are what the others say in its place.
    pub(crate) fn new(
        is_traced: bool,
        mut args: Args,
        metered: Option<MeterArgs>,
        asked: Option<QueryArgs>,
        function: Function,
        errors: &mut Errors,
    ) -> Self {
        check::constness(&function, errors);
        let counts_value = metered.as_ref().and_then(MeterArgs::looks_at_value);
        let rows = asked.as_ref().and_then(|asked| asked.rows.clone());
        let counts_value = counts_value.or(rows.as_ref().map(syn::spanned::Spanned::span));
        let shape = Shape::of(&function, &args, counts_value.is_some());
        check::options(&args, counts_value, &function, &shape, errors);
        let mut params = Params::of(&function);
        let query = asked.map(|asked| QueryPlan::new(asked, &mut args, &function, &params, errors));
        let (fields, captures) = fields::declare(&mut args, &params, &function, errors);
        let declared: Vec<&str> = fields.iter().map(|field| field.key.text.as_str()).collect();
        for key in scan::undeclared_keys(function.body.stream(), &declared) {
            let text = &key.text;
            errors.at(
                key.span,
                format!("`{text}` is not declared; add `{text} = _` to the `fields(..)` of the annotation"),
            );
        }
        let outcome = OutcomePlan {
            rows,
            ..OutcomePlan::new(&mut args, &shape)
        };
        // The duration of a query is measured in any case.
        let is_metered = metered.is_some() || query.is_some();
        let metering = is_metered.then(|| {
            let is_untraced = !is_traced;
            MeteringPlan::new(
                metered,
                is_untraced,
                &outcome,
                &shape,
                &function,
                &params,
                errors,
            )
        });
        if shape.captures_arguments() {
            let fields = captures.iter().map(|capture| &capture.expr);
            let parent = args.parent.iter().map(|parent| &parent.expr);
            let counted = metering.iter().flat_map(MeteringPlan::on_arguments);
            let asked = query.iter().flat_map(|query| query.target.expressions());
            let fields = fields.chain(&args.links).chain(parent).chain(asked);
            let outside: Vec<&Expr> = fields.chain(counted).collect();
            params.arrange(&function, &outside);
        }
        Self {
            site: SitePlan {
                metering,
                query,
                ..SitePlan::new(&mut args, fields, Location::of(function.sig.ident.span()))
            },
            captures,
            start: match StartPlan::new(args.root.is_some(), args.parent.take()) {
                StartPlan::Current if args.log.is_some() => StartPlan::Here,
                start => start,
            },
            links: std::mem::take(&mut args.links),
            outcome,
            shape,
            params,
            function,
        }
    }
}

impl SitePlan {
    pub(crate) fn new(args: &mut Args, fields: Vec<Declared>, location: Location) -> Self {
        let variant = |choice: &Choice| choice.variant;
        Self {
            runtime: args.runtime.take(),
            name: args.name.take(),
            kind: args.kind.as_ref().map(variant),
            level: args.level.as_ref().map(variant),
            target: args.target.take(),
            fields,
            busy: args.busy.is_some(),
            logged: args.log.is_some(),
            stack_trace: args.stack_trace.is_some(),
            location,
            metering: None,
            query: None,
        }
    }
}

impl StartPlan {
    pub(crate) fn new(is_root: bool, parent: Option<Mapping>) -> Self {
        match parent {
            _ if is_root => Self::Root,
            Some(parent) => Self::ChildOf(parent.expr),
            None => Self::Current,
        }
    }
}
