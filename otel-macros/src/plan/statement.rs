//! A statement that stands in the annotation: read, and checked by the grammar of its database.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, LitStr};

use crate::error::Errors;
use crate::parse::{QueryArgs, StatementArg};

/// What is told of a statement that stands in the annotation.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) summary: Option<LitStr>,
    pub(super) operation: Option<LitStr>,
    pub(super) collection: Option<LitStr>,
    pub(super) procedure: Option<LitStr>,
    pub(super) text: Option<LitStr>,
}

impl Shown {
    pub(super) fn of(query: &QueryArgs, errors: &mut Errors) -> Self {
        match &query.statement {
            Some(StatementArg::Literal(statement)) => read(statement, query, errors),
            Some(StatementArg::Constant(_) | StatementArg::Given(_)) | None => Self::default(),
        }
    }
}

/// Where an expression stands.
pub(super) fn place_of(expr: &Expr) -> Span {
    Span::mixed_site().located_at(expr.span())
}

#[cfg(not(feature = "sql"))]
fn read(statement: &LitStr, query: &QueryArgs, errors: &mut Errors) -> Shown {
    let _ = query.unchecked;
    errors.at(
        statement.span(),
        "statements are read with the feature `db-query` of `otel-runtime`: turn it on, or say what the call does in its place: `operation = \"GET\"`",
    );
    Shown::default()
}

#[cfg(feature = "sql")]
fn read(statement: &LitStr, query: &QueryArgs, errors: &mut Errors) -> Shown {
    use crate::parse::System;

    let system = match &query.system {
        System::Known(system) => Some(system.value()),
        System::Constant(_) => None,
    };
    let dialect = match &system {
        Some(system) => otel_sql::Dialect::of_system(system),
        None => Some(otel_sql::Dialect::Standard),
    };
    let text = statement.value();
    if query.unchecked.is_none() {
        let Some(dialect) = dialect else {
            let system = system.unwrap_or_default();
            errors.at(
                statement.span(),
                format!(
                    "`{system}` is not asked in SQL: say what the call does, `operation = \"GET\"`, or have the text read as it is, `unchecked`"
                ),
            );
            return Shown::default();
        };
        if let Err(error) = otel_sql::check(&text, dialect) {
            let place = error.place.map(|place| place.start..place.end);
            errors.at(
                place
                    .and_then(|place| within(statement, place))
                    .unwrap_or(statement.span()),
                format!(
                    "{error}; if the database accepts the statement all the same, write `unchecked` behind it"
                ),
            );
            return Shown::default();
        }
    }
    let told = otel_sql::Statement::read(&text, dialect.unwrap_or_default());
    let literal = |text: String| LitStr::new(&text, statement.span());
    Shown {
        summary: told.summary.map(literal),
        operation: told.operation.map(literal),
        collection: told.collection.map(literal),
        procedure: told.procedure.map(literal),
        text: if query.raw {
            Some(statement.clone())
        } else {
            told.text.map(literal)
        },
    }
}

/// The span of a part of a text, where the compiler gives it and nothing in the text is escaped.
#[cfg(feature = "sql")]
fn within(text: &LitStr, part: std::ops::Range<usize>) -> Option<Span> {
    let literal = text.token();
    let written = literal.to_string();
    let opening = written.find('"')? + 1;
    let is_plain = written.starts_with('r') || !written.contains('\\');
    let part = opening + part.start..opening + part.end;
    is_plain.then(|| literal.subspan(part)).flatten()
}
