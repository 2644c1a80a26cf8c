//! What the options of an annotation mean, each with the tokens it came from.

use proc_macro2::Span;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Lit, Path, Token};

use super::field::{Field, Style};
use super::option::{Form, RawOption};
use crate::error::{Errors, unknown};

/// The options of one annotation.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) name: Option<Expr>,
    pub(crate) kind: Option<Choice>,
    pub(crate) level: Option<Choice>,
    pub(crate) target: Option<Expr>,
    pub(crate) fields: Vec<Field>,
    pub(crate) args: Vec<(Style, Ident)>,
    pub(crate) ret: Option<(Span, Style)>,
    pub(crate) err: Option<Detail>,
    pub(crate) ok_if: Option<Mapping>,
    pub(crate) expected: Option<Mapping>,
    pub(crate) none: Option<Span>,
    pub(crate) parent: Option<Mapping>,
    pub(crate) root: Option<Span>,
    pub(crate) links: Vec<Expr>,
    pub(crate) runtime: Option<Path>,
    pub(crate) busy: Option<Span>,
    pub(crate) log: Option<Span>,
    pub(crate) stack_trace: Option<Span>,
    pub(crate) skip: Option<Span>,
}

/// One of a fixed set of words, as the runtime's enum spells it.
pub(crate) struct Choice {
    pub(crate) variant: &'static str,
}

/// `err`, or `err = |e| ..`.
pub(crate) struct Detail {
    pub(crate) span: Span,
    pub(crate) map: Option<Expr>,
}

/// An option whose value is an expression.
pub(crate) struct Mapping {
    pub(crate) span: Span,
    pub(crate) expr: Expr,
}

/// Every option, for messages.
const NAMES: &[&str] = &[
    "name",
    "kind",
    "fields",
    "args",
    "ret",
    "err",
    "ok_if",
    "expected",
    "none",
    "parent",
    "root",
    "links",
    "level",
    "target",
    "busy",
    "log",
    "stack_trace",
    "runtime",
    "skip",
];

const KINDS: &[(&str, &str)] = &[
    ("internal", "Internal"),
    ("server", "Server"),
    ("client", "Client"),
    ("producer", "Producer"),
    ("consumer", "Consumer"),
];

const LEVELS: &[(&str, &str)] = &[
    ("error", "Error"),
    ("warn", "Warn"),
    ("info", "Info"),
    ("debug", "Debug"),
    ("trace", "Trace"),
];

impl Args {
    /// Interprets the options one by one and reports everything that is wrong with them.
    pub(crate) fn interpret(options: Vec<RawOption>, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        for (index, option) in options.iter().enumerate() {
            if options[..index]
                .iter()
                .any(|earlier| earlier.name == option.name)
            {
                let message = format!("`{}` is given twice; remove one of them", option.name);
                errors.at(option.span(), message);
            }
        }
        for option in options {
            if let Err(error) = args.interpret_one(option, errors) {
                errors.push(error);
            }
        }
        if let (Some(root), Some(_)) = (args.root, &args.parent) {
            errors.at(
                root,
                "`root` and `parent` exclude each other; remove one of them",
            );
        }
        args
    }

    /// True if an option says that the returned value can be an error.
    pub(crate) fn asks_for_errors(&self) -> bool {
        self.err.is_some() || self.ok_if.is_some() || self.expected.is_some() || self.none.is_some()
    }

    fn interpret_one(&mut self, option: RawOption, errors: &mut Errors) -> syn::Result<()> {
        let span = option.span();
        match option.name.to_string().as_str() {
            "name" => self.name = Some(text(option, "a text or constant: `name = \"checkout\"`")?),
            "target" => {
                self.target = Some(text(option, "a text or constant: `target = \"billing\"`")?);
            }
            "kind" => self.kind = Some(choice(option, "span kind", KINDS)?),
            "level" => self.level = Some(choice(option, "level", LEVELS)?),
            "fields" => {
                let list = list(&option, "`fields(order.id = id)`")?;
                self.fields = Field::parse_list(list, errors);
            }
            "args" => {
                let list = list(&option, "`args(id, ?customer)`")?;
                self.args = argument_names.parse2(list)?;
            }
            "ret" => self.ret = Some((span, ret_style(option)?)),
            "err" => {
                let map = match option.form {
                    Form::Flag => None,
                    Form::Value(value) => Some(*value),
                    Form::List(_) => {
                        return Err(wrong_form(span, "err", "`err` or `err = |error| ..`"));
                    }
                };
                self.err = Some(Detail { span, map });
            }
            "ok_if" => self.ok_if = Some(value(option, "`ok_if = |error| error.is_not_found()`")?),
            "expected" => {
                self.expected = Some(value(option, "`expected = |error| error.is_not_found()`")?);
            }
            "none" => {
                let form = "`none = error`, which counts `None` as an error";
                let word = value(option, form)?;
                match &word.expr {
                    Expr::Path(path) if path.path.is_ident("error") => self.none = Some(span),
                    _ => return Err(wrong_form(word.expr_span(), "none", form)),
                }
            }
            "parent" => self.parent = Some(value(option, "`parent = context`")?),
            "root" => self.root = Some(flag(option)?),
            "links" => {
                let form = "`links(contexts)`";
                self.links = match option.form {
                    Form::Value(value) => vec![*value],
                    _ => {
                        let list = list(&option, form)?;
                        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
                        parser.parse2(list)?.into_iter().collect()
                    }
                };
                if self.links.is_empty() {
                    return Err(wrong_form(span, "links", form));
                }
            }
            "runtime" => {
                let form = "the path of the runtime crate: `runtime = my_telemetry::otel_runtime`";
                let path = value(option, form)?;
                match path.expr {
                    Expr::Path(path) => self.runtime = Some(path.path),
                    _ => return Err(wrong_form(span, "runtime", form)),
                }
            }
            "busy" => self.busy = Some(flag(option)?),
            "log" => self.log = Some(flag(option)?),
            "stack_trace" => self.stack_trace = Some(flag(option)?),
            "skip" => self.skip = Some(flag(option)?),
            found => return Err(syn::Error::new(span, unknown("option", found, NAMES))),
        }
        Ok(())
    }
}

impl Mapping {
    fn expr_span(&self) -> Span {
        syn::spanned::Spanned::span(&self.expr)
    }
}

/// What `args(..)` lists.
pub(crate) fn argument_names(input: ParseStream<'_>) -> syn::Result<Vec<(Style, Ident)>> {
    let one = |input: ParseStream<'_>| {
        let style = Style::parse(input)?;
        let name = if input.peek(Token![self]) {
            input.call(syn::ext::IdentExt::parse_any)?
        } else {
            input.parse().map_err(|error: syn::Error| {
                let message = "expected the name of an argument; for other values use `fields(key = expression)`";
                syn::Error::new(error.span(), message)
            })?
        };
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error(
                "`args` takes names of arguments only; for other values use `fields(key = expression)`",
            ));
        }
        Ok((style, name))
    };
    Ok(input
        .parse_terminated(one, Token![,])?
        .into_iter()
        .collect())
}

fn ret_style(option: RawOption) -> syn::Result<Style> {
    let span = option.span();
    let wrong = || {
        wrong_form(
            span,
            "ret",
            "`ret`, `ret(%)` for `Display` or `ret(?)` for `Debug`",
        )
    };
    match option.form {
        Form::Flag => Ok(Style::Typed),
        Form::List(list) => match Style::parse.parse2(list) {
            Ok(Style::Typed) | Err(_) => Err(wrong()),
            Ok(style) => Ok(style),
        },
        Form::Value(_) => Err(wrong()),
    }
}

fn text(option: RawOption, form: &str) -> syn::Result<Expr> {
    let name = option.name.to_string();
    let value = value(option, form)?;
    match &value.expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) if text.value().trim().is_empty() => Err(syn::Error::new(
                text.span(),
                format!("`{name}` must not be empty"),
            )),
            Lit::Str(_) => Ok(value.expr),
            _ => Err(wrong_form(value.expr_span(), &name, form)),
        },
        _ => Ok(value.expr),
    }
}

fn choice(
    option: RawOption,
    what: &str,
    choices: &'static [(&'static str, &'static str)],
) -> syn::Result<Choice> {
    let name = option.name.to_string();
    let form = format!("a word: `{name} = {}`", choices[1].0);
    let value = value(option, &form)?;
    let span = value.expr_span();
    let word = match &value.expr {
        Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    let Some(word) = word else {
        return Err(wrong_form(span, &name, &form));
    };
    let found = choices
        .iter()
        .find(|(lower, variant)| word == *lower || word == *variant);
    match found {
        Some((_, variant)) => Ok(Choice { variant }),
        None => {
            let valid: Vec<&str> = choices.iter().map(|(lower, _)| *lower).collect();
            Err(syn::Error::new(span, unknown(what, &word, &valid)))
        }
    }
}

fn value(option: RawOption, form: &str) -> syn::Result<Mapping> {
    let span = option.span();
    match option.form {
        Form::Value(expr) => Ok(Mapping { span, expr: *expr }),
        _ => Err(wrong_form(span, &option.name.to_string(), form)),
    }
}

fn list(option: &RawOption, form: &str) -> syn::Result<proc_macro2::TokenStream> {
    match &option.form {
        Form::List(list) => Ok(list.clone()),
        _ => Err(wrong_form(option.span(), &option.name.to_string(), form)),
    }
}

fn flag(option: RawOption) -> syn::Result<Span> {
    match option.form {
        Form::Flag => Ok(option.span()),
        _ => {
            let name = option.name.to_string();
            let message = format!("`{name}` takes no value; write `{name}` alone");
            Err(syn::Error::new(option.span(), message))
        }
    }
}

fn wrong_form(span: Span, name: &str, form: &str) -> syn::Error {
    syn::Error::new(span, format!("`{name}` is written as {form}"))
}
