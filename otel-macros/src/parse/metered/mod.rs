//! What the options of `#[metered(..)]` mean, each with the tokens it came from.

mod bounds;
mod extra;
mod labels;
mod name;
mod objective;
mod open;

use proc_macro2::{Span, TokenStream};
use syn::{Expr, Lit, LitInt, LitStr};

pub(crate) use bounds::Buckets;
pub(crate) use extra::{Amount, Extra, ExtraKind};
pub(crate) use labels::{Label, LabelValue};
pub(crate) use objective::Objective;
pub(crate) use open::Open;

use super::option::{Form, RawOption};
use crate::error::{Errors, unknown};

/// The options of one `#[metered(..)]`.
#[derive(Default)]
pub(crate) struct MeterArgs {
    /// What the metrics' names begin with.
    pub(crate) name: Option<LitStr>,
    pub(crate) unit: Option<LitStr>,
    pub(crate) description: Option<Expr>,
    pub(crate) labels: Vec<Label>,
    /// How many series labels may make whose values are all known.
    pub(crate) max_series: Option<LitInt>,
    pub(crate) in_flight: bool,
    pub(crate) buckets: Option<Buckets>,
    pub(crate) extras: Vec<Extra>,
    pub(crate) objective: Option<Objective>,
    pub(crate) skip: Option<Span>,
}

/// Every option, for messages.
const NAMES: &[&str] = &[
    "name",
    "unit",
    "description",
    "labels",
    "max_series",
    "in_flight",
    "counter",
    "up_down",
    "histogram",
    "buckets",
    "slo",
    "err",
    "ok_if",
    "expected",
    "none",
    "runtime",
    "skip",
];

/// What both annotations say in the same words: how the call ended, and where the runtime is.
const SHARED: &[&str] = &["err", "ok_if", "expected", "none", "runtime"];

/// The units in which a call can be measured.
const UNITS: &[&str] = &["s", "ms", "us", "ns"];

impl MeterArgs {
    /// Interprets the options one by one and reports everything that is wrong with them; those
    /// that both annotations know come back.
    pub(crate) fn interpret(
        options: Vec<RawOption>,
        errors: &mut Errors,
    ) -> (Self, Vec<RawOption>) {
        let mut args = Self::default();
        let (shared, own): (Vec<RawOption>, Vec<RawOption>) = options
            .into_iter()
            .partition(|option| SHARED.iter().any(|name| option.name == name));
        for (index, option) in own.iter().enumerate() {
            let is_extra = ExtraKind::of(&option.name.to_string()).is_some();
            if !is_extra
                && own[..index]
                    .iter()
                    .any(|earlier| earlier.name == option.name)
            {
                let message = format!("`{}` is given twice; remove one of them", option.name);
                errors.at(option.span(), message);
            }
        }
        let mut unlike_others = Vec::new();
        for option in own {
            let (name, span) = (option.name.to_string(), option.span());
            if matches!(&*name, "buckets" | "unit") {
                unlike_others.push((name, span));
            }
            if let Err(error) = args.interpret_one(option, errors) {
                errors.push(error);
            }
        }
        for (name, span) in unlike_others {
            if args.name.is_none() && args.is_unlike_others(&name) {
                let message = format!(
                    "all functions share the metric `function.duration`, which cannot have another `{name}` for one of them; give this one a metric of its own: `name = \"checkout\"`"
                );
                errors.at(span, message);
            }
        }
        (args, shared)
    }

    /// True if something is counted of the value that comes out.
    pub(crate) fn looks_at_value(&self) -> Option<Span> {
        self.extras.iter().find_map(|extra| match &extra.amount {
            Amount::OfResult(closure) => Some(syn::spanned::Spanned::span(closure)),
            Amount::OfArguments(_) | Amount::One => None,
        })
    }

    /// True if this option makes the durations what those of other functions are not.
    fn is_unlike_others(&self, option: &str) -> bool {
        match option {
            "buckets" => !matches!(self.buckets, None | Some(Buckets::Exponential)),
            _ => (self.unit.as_ref()).is_some_and(|unit| unit.value() != UNITS[0]),
        }
    }

    fn interpret_one(&mut self, option: RawOption, errors: &mut Errors) -> syn::Result<()> {
        let span = option.span();
        let name = option.name.to_string();
        if let Some(kind) = ExtraKind::of(&name) {
            let inside = list(option, kind.form())?;
            self.extras.extend(Extra::parse(kind, span, inside, errors));
            return Ok(());
        }
        match name.as_str() {
            "name" => {
                let form = "a text: `name = \"checkout\"`";
                let text = text(value(option, form)?, "name", form)?;
                name::check(&text, name::LONGEST_SUFFIX)?;
                self.name = Some(text);
            }
            "unit" => {
                let form = "one of `s`, `ms`, `us`, `ns`: `unit = \"ms\"`";
                let unit = text(value(option, form)?, "unit", form)?;
                if !UNITS.contains(&unit.value().as_str()) {
                    let message = unknown("unit of a duration", &unit.value(), UNITS);
                    return Err(syn::Error::new(unit.span(), message));
                }
                self.unit = Some(unit);
            }
            "description" => self.description = Some(description(option)?),
            "labels" => {
                let inside = list(option, "`labels(tier = customer.tier)`")?;
                self.labels = Label::parse_list(inside, errors);
            }
            "max_series" => {
                let form = "a whole number: `max_series = 5000`";
                let value = value(option, form)?;
                let number = match &value {
                    Expr::Lit(literal) => match &literal.lit {
                        Lit::Int(number) if number.base10_parse::<usize>().is_ok() => Some(number),
                        _ => None,
                    },
                    _ => None,
                };
                let span = syn::spanned::Spanned::span(&value);
                let number = number.ok_or_else(|| wrong_form(span, "max_series", form))?;
                self.max_series = Some(number.clone());
            }
            "in_flight" => {
                flag(&option)?;
                self.in_flight = true;
            }
            "buckets" => self.buckets = Some(Buckets::parse(option)?),
            "slo" => {
                let form = "`slo(success = 99.9, latency(\"250ms\" = 99))`";
                self.objective = Some(Objective::parse(span, list(option, form)?, errors)?);
            }
            "skip" => {
                flag(&option)?;
                self.skip = Some(span);
            }
            found => return Err(syn::Error::new(span, unknown("option", found, NAMES))),
        }
        Ok(())
    }
}

fn description(option: RawOption) -> syn::Result<Expr> {
    let form = "a text or constant: `description = \"Orders that were placed.\"`";
    match value(option, form)? {
        Expr::Lit(literal) if !matches!(literal.lit, Lit::Str(_)) => {
            Err(wrong_form(literal.lit.span(), "description", form))
        }
        description => Ok(description),
    }
}

fn text(value: Expr, name: &str, form: &str) -> syn::Result<LitStr> {
    match value {
        Expr::Lit(literal) => match literal.lit {
            Lit::Str(text) => Ok(text),
            other => Err(wrong_form(other.span(), name, form)),
        },
        other => Err(wrong_form(syn::spanned::Spanned::span(&other), name, form)),
    }
}

fn value(option: RawOption, form: &str) -> syn::Result<Expr> {
    let span = option.span();
    match option.form {
        Form::Value(value) => Ok(*value),
        Form::Flag | Form::List(_) => Err(wrong_form(span, &option.name.to_string(), form)),
    }
}

fn list(option: RawOption, form: &str) -> syn::Result<TokenStream> {
    let span = option.span();
    match option.form {
        Form::List(list) if !list.is_empty() => Ok(list),
        _ => Err(wrong_form(span, &option.name.to_string(), form)),
    }
}

fn flag(option: &RawOption) -> syn::Result<()> {
    match option.form {
        Form::Flag => Ok(()),
        Form::Value(_) | Form::List(_) => Err(syn::Error::new(
            option.span(),
            format!("`{0}` takes no value; write `{0}` alone", option.name),
        )),
    }
}

fn wrong_form(span: Span, name: &str, form: &str) -> syn::Error {
    syn::Error::new(span, format!("`{name}` is written as {form}"))
}
