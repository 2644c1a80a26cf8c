//! What the options of `#[db_query(..)]` mean, each with the tokens it came from.

mod server;
mod system;

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, LitStr, Token};

pub(crate) use server::Server;
pub(crate) use system::System;

use super::duration::duration_ns;
use super::option::{Form, RawOption};
use crate::error::{Errors, unknown};

/// The options of one `#[db_query]`.
pub(crate) struct QueryArgs {
    pub(crate) system: System,
    pub(crate) statement: Option<StatementArg>,
    pub(crate) operation: Option<LitStr>,
    pub(crate) collection: Option<LitStr>,
    pub(crate) namespace: Option<Expr>,
    pub(crate) server: Option<Server>,
    pub(crate) pool: Option<Expr>,
    pub(crate) rows: Option<Expr>,
    pub(crate) batch: Option<Expr>,
    pub(crate) slow_ns: Option<u64>,
    pub(crate) unchecked: Option<Span>,
    pub(crate) raw: bool,
}

/// Where the statement comes from.
pub(crate) enum StatementArg {
    /// It stands here.
    Literal(LitStr),
    /// A constant, or a macro that makes one.
    Constant(Expr),
    /// It comes with each call.
    Given(Expr),
}

/// The options as they are written: the statement, and the others.
#[derive(Default)]
pub(crate) struct RawQuery {
    statement: Option<LitStr>,
    options: Vec<RawOption>,
}

/// Every option, for messages.
const NAMES: &[&str] = &[
    "system",
    "sql",
    "rows",
    "unchecked",
    "raw",
    "operation",
    "collection",
    "namespace",
    "server",
    "pool",
    "batch",
    "slow",
    "err",
    "ok_if",
    "expected",
    "none",
    "runtime",
];

/// What all annotations say in the same words.
const SHARED: &[&str] = &["err", "ok_if", "expected", "none", "runtime"];

/// What only the span knows.
const OF_SPAN: &[&str] = &[
    "name",
    "kind",
    "fields",
    "args",
    "ret",
    "parent",
    "root",
    "links",
    "level",
    "target",
    "busy",
    "log",
    "stack_trace",
    "skip",
];

impl RawQuery {
    /// `"statement", option = value, ..`.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut missing_comma = None;
        let parser = |input: ParseStream<'_>| {
            let statement: Option<LitStr> = input.parse()?;
            if statement.is_some() && !input.is_empty() {
                missing_comma = input.parse::<Token![,]>().err();
            }
            Ok((statement, input.parse::<TokenStream>()?))
        };
        let parsed = parser.parse2(tokens);
        if let Some(error) = missing_comma {
            errors.at(error.span(), "expected `,` after the statement");
        }
        match parsed {
            Ok((statement, rest)) => Self {
                statement,
                options: RawOption::parse_all(rest, errors),
            },
            Err(error) => {
                errors.push(error);
                Self::default()
            }
        }
    }
}

/// Those that are there; whether the rest is, is asked at the end.
#[derive(Default)]
struct Draft {
    system: Option<System>,
    rest: Rest,
    /// It is said, right or wrong, which database is asked.
    has_system: bool,
    /// And what.
    has_subject: bool,
}

#[derive(Default)]
struct Rest {
    statement: Option<StatementArg>,
    operation: Option<LitStr>,
    collection: Option<LitStr>,
    namespace: Option<Expr>,
    server: Option<Server>,
    pool: Option<Expr>,
    rows: Option<Expr>,
    batch: Option<Expr>,
    slow_ns: Option<u64>,
    unchecked: Option<Span>,
    raw: bool,
}

impl QueryArgs {
    /// Interprets the options one by one and reports everything that is wrong with them; those
    /// that all annotations know come back. Nothing, if what must be there is not.
    pub(crate) fn interpret(raw: RawQuery, errors: &mut Errors) -> (Option<Self>, Vec<RawOption>) {
        let mut draft = Draft::default();
        let (shared, own): (Vec<RawOption>, Vec<RawOption>) = raw
            .options
            .into_iter()
            .partition(|option| SHARED.iter().any(|name| option.name == name));
        draft.has_subject = raw.statement.is_some();
        draft.rest.statement = raw.statement.map(StatementArg::Literal);
        for (index, option) in own.iter().enumerate() {
            let mut earlier = own[..index].iter();
            if earlier.any(|earlier| earlier.name == option.name) {
                let message = format!("`{}` is given twice; remove one of them", option.name);
                errors.at(option.span(), message);
            }
        }
        for option in own {
            if let Err(error) = draft.interpret_one(option) {
                errors.push(error);
            }
        }
        (draft.finish(errors), shared)
    }
}

impl Draft {
    fn interpret_one(&mut self, option: RawOption) -> syn::Result<()> {
        let span = option.span();
        let name = option.name.to_string();
        let rest = &mut self.rest;
        match name.as_str() {
            "system" => {
                self.has_system = true;
                self.system = Some(System::parse(value(option, "`system = \"postgresql\"`")?)?);
            }
            "sql" => {
                self.has_subject = true;
                if rest.statement.is_some() {
                    let message =
                        "the statement is given twice; remove `sql` or the text before it";
                    return Err(syn::Error::new(span, message));
                }
                rest.statement = Some(StatementArg::of(value(option, "`sql = STATEMENT`")?));
            }
            "operation" => {
                self.has_subject = true;
                rest.operation = Some(text(option, "`operation = \"GET\"`")?);
            }
            "collection" => rest.collection = Some(text(option, "`collection = \"users\"`")?),
            "namespace" => rest.namespace = Some(value(option, "`namespace = \"shop\"`")?),
            "server" => rest.server = Some(Server::parse(option)?),
            "pool" => rest.pool = Some(value(option, "`pool = self.pool`")?),
            "rows" => rest.rows = Some(value(option, "`rows = |rows| rows.len()`")?),
            "batch" => rest.batch = Some(value(option, "`batch = orders.len()`")?),
            "slow" => {
                let threshold = value(option, "`slow = \"200ms\"`")?;
                rest.slow_ns = Some(duration_ns(&threshold)?);
            }
            "unchecked" => rest.unchecked = Some(flag(&option)?),
            "raw" => {
                flag(&option)?;
                rest.raw = true;
            }
            found if OF_SPAN.contains(&found) => {
                let message = format!(
                    "`{found}` is said of the span: write it as an option of `#[traced(..)]` on the same function"
                );
                return Err(syn::Error::new(span, message));
            }
            found => return Err(syn::Error::new(span, unknown("option", found, NAMES))),
        }
        Ok(())
    }

    fn finish(self, errors: &mut Errors) -> Option<QueryArgs> {
        let here = Span::call_site();
        let rest = self.rest;
        if !self.has_system {
            errors.at(
                here,
                "`#[db_query]` needs to know which database is asked: `system = \"postgresql\"`",
            );
        }
        if !self.has_subject {
            errors.at(
                here,
                "`#[db_query]` needs a statement, `#[db_query(\"SELECT ..\", ..)]`, or `operation = \"GET\"`",
            );
        }
        if let (Some(unchecked), None | Some(StatementArg::Constant(_) | StatementArg::Given(_))) =
            (rest.unchecked, &rest.statement)
        {
            errors.at(
                unchecked,
                "only a statement that is written here is checked; remove `unchecked`",
            );
        }
        if let (Some(_), Some(pool)) = (&rest.server, &rest.pool) {
            errors.on(
                pool,
                "`server` says already what `pool` would tell; remove one of them",
            );
        }
        Some(QueryArgs {
            system: self.system?,
            statement: rest.statement,
            operation: rest.operation,
            collection: rest.collection,
            namespace: rest.namespace,
            server: rest.server,
            pool: rest.pool,
            rows: rest.rows,
            batch: rest.batch,
            slow_ns: rest.slow_ns,
            unchecked: rest.unchecked,
            raw: rest.raw,
        })
    }
}

impl StatementArg {
    /// A path in capitals is a constant, and so is what these macros make.
    fn of(value: Expr) -> Self {
        const MACROS: &[&str] = &["include_str", "concat", "stringify", "env"];
        let is_constant = match &value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => return Self::Literal(text.clone()),
            Expr::Path(path) => path.path.segments.last().is_some_and(|last| {
                let name = last.ident.to_string();
                !name.contains(|letter: char| letter.is_lowercase())
            }),
            Expr::Macro(call) => (call.mac.path.segments.last())
                .is_some_and(|last| MACROS.iter().any(|name| last.ident == name)),
            _ => false,
        };
        if is_constant {
            Self::Constant(value)
        } else {
            Self::Given(value)
        }
    }
}

fn text(option: RawOption, form: &str) -> syn::Result<LitStr> {
    let name = option.name.to_string();
    match value(option, form)? {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if !text.value().trim().is_empty() => Ok(text),
        other => Err(wrong_form(other.span(), &name, form)),
    }
}

fn value(option: RawOption, form: &str) -> syn::Result<Expr> {
    let span = option.span();
    match option.form {
        Form::Value(value) => Ok(*value),
        Form::Flag | Form::List(_) => Err(wrong_form(span, &option.name.to_string(), form)),
    }
}

fn flag(option: &RawOption) -> syn::Result<Span> {
    match option.form {
        Form::Flag => Ok(option.span()),
        Form::Value(_) | Form::List(_) => Err(syn::Error::new(
            option.span(),
            format!("`{0}` takes no value; write `{0}` alone", option.name),
        )),
    }
}

fn wrong_form(span: Span, name: &str, form: &str) -> syn::Error {
    syn::Error::new(span, format!("`{name}` is written as {form}"))
}
