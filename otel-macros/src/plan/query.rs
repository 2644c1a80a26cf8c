//! What a function asks a database, checked and completed.

use proc_macro2::Span;
use quote::quote;
use syn::{Expr, ExprLit, FnArg, Lit, LitStr, Path, Type, parse_quote};

use super::params::Params;
use super::returned::{is_plain_value, path_segment, ungrouped};
use super::statement::{self, Shown};
use crate::error::Errors;
use crate::parse::{
    Args, Field, FieldValue, Function, Key, QueryArgs, Server, StatementArg, Style, System,
};

/// What a function asks a database.
pub(crate) struct QueryPlan {
    pub(crate) system: System,
    pub(crate) text: TextPlan,
    pub(crate) summary: Option<LitStr>,
    pub(crate) operation: Option<LitStr>,
    pub(crate) collection: Option<LitStr>,
    pub(crate) procedure: Option<LitStr>,
    pub(crate) namespace: Option<LitStr>,
    /// The server, if all of it is known here.
    pub(crate) server: Option<(LitStr, Option<Expr>)>,
    pub(crate) target: TargetPlan,
    pub(crate) slow_ns: Option<u64>,
    pub(crate) raw: bool,
    /// The span has a name of its own.
    pub(crate) is_named: bool,
    /// What the body knows as `QUERY`.
    pub(crate) constant: Option<Expr>,
}

/// What is shown of the statement.
pub(crate) enum TextPlan {
    None,
    /// This.
    Read(LitStr),
    /// What the collector reads in a constant.
    Constant(Expr),
    /// What it reads in what comes with each call.
    Given,
}

/// Whom the function asks, as far as that is not known here.
#[derive(Default)]
pub(crate) struct TargetPlan {
    /// Arguments that may know it, or one expression that does.
    pub(crate) asked: Vec<Expr>,
    /// The expression must know it.
    pub(crate) is_certain: bool,
    pub(crate) address: Option<Expr>,
    pub(crate) port: Option<Expr>,
    pub(crate) namespace: Option<Expr>,
}

impl QueryPlan {
    /// Adds what it asks of the span to `args`.
    pub(super) fn new(
        query: QueryArgs,
        args: &mut Args,
        function: &Function,
        params: &Params,
        errors: &mut Errors,
    ) -> Self {
        let span = function.sig.ident.span();
        let shown = Shown::of(&query, errors);
        let constant = match &query.statement {
            Some(StatementArg::Literal(text)) => Some(parse_quote!(#text)),
            Some(StatementArg::Constant(path)) => Some(path.clone()),
            Some(StatementArg::Given(_)) | None => None,
        };
        let (namespace, given_namespace) = known(query.namespace);
        let (server, given_server) = known_server(query.server);
        let has_server = server.is_some() || given_server.is_some();
        let (address, port) = given_server.unzip();
        let target = TargetPlan {
            is_certain: query.pool.is_some(),
            asked: match query.pool {
                Some(pool) => vec![pool],
                None if has_server => Vec::new(),
                None => knowing(function, params),
            },
            address,
            port: port.flatten(),
            namespace: given_namespace,
        };
        let operation = query.operation.or(shown.operation);
        let collection = query.collection.or(shown.collection);
        let is_named = args.name.is_some();
        if !is_named {
            let name = name(&query.system, &shown.summary, &operation, &collection, span);
            args.name = Some(name);
        }
        args.kind
            .get_or_insert(crate::parse::Choice { variant: "Client" });
        let text = match query.statement {
            None => TextPlan::None,
            Some(StatementArg::Literal(_)) => match shown.text {
                Some(text) => TextPlan::Read(text),
                None => TextPlan::None,
            },
            Some(StatementArg::Constant(path)) => TextPlan::Constant(path),
            Some(StatementArg::Given(text)) => {
                add(
                    args,
                    "db.query.text",
                    FieldValue::Given(Style::Typed, Box::new(text)),
                    span,
                );
                TextPlan::Given
            }
        };
        if let Some(size) = query.batch {
            let size = batch_size(args.runtime.as_ref(), &size);
            add(
                args,
                "db.operation.batch.size",
                FieldValue::Given(Style::Typed, Box::new(size)),
                span,
            );
        }
        for key in target.keys() {
            add(args, key, FieldValue::Late, span);
        }
        if query.rows.is_some() {
            add(args, "db.response.returned_rows", FieldValue::Late, span);
        }
        Self {
            system: query.system,
            text,
            summary: shown.summary,
            operation,
            collection,
            procedure: shown.procedure,
            namespace,
            server,
            target,
            slow_ns: query.slow_ns,
            raw: query.raw,
            is_named,
            constant,
        }
    }
}

impl TargetPlan {
    /// True if everything is known here.
    pub(crate) fn is_known(&self) -> bool {
        self.expressions().next().is_none()
    }

    /// What is evaluated before the body.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let said = [&self.address, &self.port, &self.namespace];
        self.asked.iter().chain(said.into_iter().flatten())
    }

    /// The attributes that it can give.
    fn keys(&self) -> impl Iterator<Item = &'static str> {
        let is_asked = !self.asked.is_empty();
        let keys = [
            ("server.address", is_asked || self.address.is_some()),
            ("server.port", is_asked || self.port.is_some()),
            ("db.namespace", is_asked || self.namespace.is_some()),
        ];
        keys.into_iter()
            .filter_map(|(key, is_there)| is_there.then_some(key))
    }
}

/// Has the span declare a field, unless the user does.
fn add(args: &mut Args, key: &str, value: FieldValue, span: Span) {
    if !args.fields.iter().any(|field| field.key.text == key) {
        let key = Key {
            text: key.to_owned(),
            span,
        };
        args.fields.push(Field { key, value });
    }
}

/// What is known here, and what is not.
fn known(expr: Option<Expr>) -> (Option<LitStr>, Option<Expr>) {
    match expr {
        Some(Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        })) => (Some(text), None),
        other => (None, other),
    }
}

type KnownServer = Option<(LitStr, Option<Expr>)>;
type GivenServer = Option<(Expr, Option<Expr>)>;

fn known_server(server: Option<Server>) -> (KnownServer, GivenServer) {
    let Some(Server { address, port }) = server else {
        return (None, None);
    };
    let is_known_port = port
        .as_ref()
        .is_none_or(|port| matches!(port, Expr::Lit(_)));
    match address {
        Expr::Lit(ExprLit {
            lit: Lit::Str(address),
            ..
        }) if is_known_port => (Some((address, port)), None),
        address => (None, Some((address, port))),
    }
}

/// The arguments that may know the database: of types that are no plain values.
fn knowing(function: &Function, params: &Params) -> Vec<Expr> {
    let inputs = function.sig.inputs.iter().enumerate();
    let knowing = inputs.filter(|(_, arg)| match arg {
        FnArg::Receiver(_) => true,
        FnArg::Typed(typed) => may_know(&typed.ty),
    });
    let names = knowing.filter_map(|(index, _)| match params.bindings_of(index) {
        [name] => Some(parse_quote!(#name)),
        _ => None,
    });
    names.collect()
}

fn may_know(ty: &Type) -> bool {
    match ungrouped(ty) {
        Type::Reference(reference) => may_know(&reference.elem),
        Type::Path(_) => path_segment(ty).is_some_and(|last| !is_plain_value(&last.ident)),
        _ => false,
    }
}

/// The name of the span: that of the statement, or what comes next to it.
fn name(
    system: &System,
    summary: &Option<LitStr>,
    operation: &Option<LitStr>,
    collection: &Option<LitStr>,
    span: Span,
) -> Expr {
    let text = match (summary, operation, collection) {
        (Some(summary), ..) => summary.value(),
        (None, Some(operation), Some(collection)) => {
            format!("{} {}", operation.value(), collection.value())
        }
        (None, Some(name), None) | (None, None, Some(name)) => name.value(),
        (None, None, None) => match system {
            System::Known(system) => system.value(),
            System::Constant(path) => return path.clone(),
        },
    };
    let text = LitStr::new(&text, span);
    parse_quote!(#text)
}

fn batch_size(runtime: Option<&Path>, size: &Expr) -> Expr {
    let runtime = match runtime {
        Some(path) => quote!(#path),
        None => quote!(::otel_runtime),
    };
    let at = statement::place_of(size);
    syn::parse2(quote::quote_spanned!(at=> #runtime::__private::batch_size(#size)))
        .unwrap_or_else(|_| size.clone())
}
