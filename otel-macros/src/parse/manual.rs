//! Calls of the macros beside the annotation: `span!`, `event!`, `set_attributes!`.

use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, Path, Token};

use super::args::Args;
use super::field::{Field, FieldValue};
use super::option::{Form, RawOption};
use crate::error::Errors;

/// `span!("name", kind = client, fields(..), a.b = 1)`.
pub(crate) struct SpanCall {
    pub(crate) args: Args,
    pub(crate) errors: Errors,
}

/// `event!("name", a.b = 1)`.
pub(crate) struct EventCall {
    pub(crate) name: Expr,
    pub(crate) fields: Vec<Field>,
    pub(crate) runtime: Option<Path>,
}

/// `set_attributes!(a.b = 1, %x)`.
pub(crate) struct SetCall {
    pub(crate) fields: Vec<Field>,
    pub(crate) runtime: Option<Path>,
}

/// Options that a span by hand shares with an annotated function.
const SPAN_OPTIONS: &[&str] = &[
    "kind", "level", "target", "fields", "parent", "root", "links", "runtime",
];

impl Parse for SpanCall {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut errors = Errors::default();
        let nameless = "a span needs a name first: `span!(\"checkout\", ..)`";
        let name = match input.parse::<Expr>() {
            Ok(Expr::Assign(other)) => return Err(syn::Error::new_spanned(other, nameless)),
            Ok(name) => name,
            Err(error) => return Err(syn::Error::new(error.span(), nameless)),
        };
        let mut options = vec![RawOption {
            name: Ident::new("name", syn::spanned::Spanned::span(&name)),
            form: Form::Value(Box::new(name)),
        }];
        let mut fields = Vec::new();
        while !input.is_empty() {
            let _: Token![,] = input.parse()?;
            if input.is_empty() {
                break;
            }
            if is_option(input) {
                options.push(RawOption::parse(input)?);
            } else {
                fields.push(input.parse::<Field>()?);
            }
        }
        let mut args = Args::interpret(options, &mut errors);
        args.fields.append(&mut fields);
        Ok(Self { args, errors })
    }
}

impl Parse for EventCall {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let runtime = parse_runtime(input)?;
        let name: Expr = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "an event needs a name: `event!(\"retried\")`")
        })?;
        if !input.is_empty() {
            let _: Token![,] = input.parse()?;
        }
        Ok(Self {
            name,
            fields: with_values(Field::parse_until_end(input)?)?,
            runtime,
        })
    }
}

impl Parse for SetCall {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let runtime = parse_runtime(input)?;
        if input.is_empty() {
            let message = "there is nothing to set; write `set_attributes!(order.id = id)`";
            return Err(syn::Error::new(input.span(), message));
        }
        let fields = with_values(Field::parse_until_end(input)?)?;
        Ok(Self { fields, runtime })
    }
}

/// The fields, if each has a value: nobody comes later to set one.
fn with_values(fields: Vec<Field>) -> syn::Result<Vec<Field>> {
    let mut errors = Errors::default();
    for field in &fields {
        if let FieldValue::Late = field.value {
            let message = format!(
                "`{0}` needs a value here: `{0} = expression`",
                field.key.text
            );
            errors.at(field.key.span, message);
        }
    }
    errors.into_result(fields)
}

/// True at `kind = ..`, `fields(..)` or `root`, but not at a key such as `kind.of.x`.
fn is_option(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let Ok(name) = ahead.parse::<Ident>() else {
        return false;
    };
    SPAN_OPTIONS.iter().any(|option| name == option) && !ahead.peek(Token![.])
}

/// `runtime = path;` at the beginning.
fn parse_runtime(input: ParseStream<'_>) -> syn::Result<Option<Path>> {
    let ahead = input.fork();
    let is_given = ahead.parse::<Ident>().is_ok_and(|name| name == "runtime")
        && ahead.peek(Token![=])
        && ahead.parse::<Token![=]>().is_ok()
        && ahead.parse::<Path>().is_ok()
        && ahead.peek(Token![;]);
    if !is_given {
        return Ok(None);
    }
    let _: Ident = input.parse()?;
    let _: Token![=] = input.parse()?;
    let path = input.parse()?;
    let _: Token![;] = input.parse()?;
    Ok(Some(path))
}
