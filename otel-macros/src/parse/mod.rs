//! The first phase: from tokens to what the user wrote. Nothing here quotes.

mod annotation;
mod args;
mod block;
mod classify;
mod duration;
mod field;
mod function;
mod item;
mod label;
mod manual;
mod metered;
mod metric;
mod option;
mod query;

pub(crate) use annotation::{Annotation, Taken};
pub(crate) use args::{Args, Choice, Mapping, argument_names};
pub(crate) use block::{Block, Member, Method};
pub(crate) use classify::{Body, ErrorField, ErrorType, RetryWord, Word, Words};
pub(crate) use field::{Field, FieldValue, Key, Style, place_root};
pub(crate) use function::Function;
pub(crate) use item::Item;
pub(crate) use label::{LabelType, LabelVariant};
pub(crate) use manual::{EventCall, SetCall, SpanCall};
pub(crate) use metered::{
    Amount, Buckets, Extra, ExtraKind, Label, LabelValue, MeterArgs, Objective, Open,
};
pub(crate) use metric::MetricStatic;
pub(crate) use option::{Form, RawOption};
pub(crate) use query::{QueryArgs, RawQuery, Server, StatementArg, System};
