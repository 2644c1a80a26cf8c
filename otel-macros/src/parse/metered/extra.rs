//! `counter("name", by = expr)`, `up_down("name", by = expr)`, `histogram("name", value = expr)`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{Expr, Lit, LitStr};

use super::super::option::RawOption;
use super::bounds::Buckets;
use super::{description, name, text, value, wrong_form};
use crate::error::{Errors, unknown};

/// A metric that is counted beside the calls.
pub(crate) struct Extra {
    pub(crate) kind: ExtraKind,
    pub(crate) name: Expr,
    pub(crate) amount: Amount,
    pub(crate) unit: Option<LitStr>,
    pub(crate) description: Option<Expr>,
    pub(crate) buckets: Option<Buckets>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExtraKind {
    Counter,
    UpDown,
    Histogram,
}

/// What is counted of a call.
pub(crate) enum Amount {
    /// The call.
    One,
    /// An expression, evaluated when the call begins.
    OfArguments(Expr),
    /// A closure, called with the value that a call returned that went well.
    OfResult(Expr),
}

impl ExtraKind {
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "counter" => Some(Self::Counter),
            "up_down" => Some(Self::UpDown),
            "histogram" => Some(Self::Histogram),
            _ => None,
        }
    }

    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::Counter => "`counter(\"shop.items\", by = items.len())`",
            Self::UpDown => "`up_down(\"shop.stock\", by = -1)`",
            Self::Histogram => "`histogram(\"upload.size\", value = bytes.len())`",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::UpDown => "up_down",
            Self::Histogram => "histogram",
        }
    }

    const fn options(self) -> &'static [&'static str] {
        match self {
            Self::Counter | Self::UpDown => &["by", "unit", "description"],
            Self::Histogram => &["value", "unit", "description", "buckets"],
        }
    }
}

impl Extra {
    pub(super) fn parse(
        kind: ExtraKind,
        span: Span,
        tokens: TokenStream,
        errors: &mut Errors,
    ) -> Option<Self> {
        let (name, options) = split_name(kind, span, tokens, errors)?;
        let mut extra = Self {
            kind,
            name,
            amount: Amount::One,
            unit: None,
            description: None,
            buckets: None,
        };
        let options = RawOption::parse_all(options, errors);
        let mut given: Vec<String> = Vec::new();
        for option in options {
            let (at, name) = (option.span(), option.name.to_string());
            if given.contains(&name) {
                errors.at(at, format!("`{name}` is given twice; remove one of them"));
            }
            given.push(name);
            if let Err(error) = extra.interpret(option) {
                errors.push(error);
            }
        }
        let counted = kind.options()[0];
        if kind != ExtraKind::Counter && !given.iter().any(|name| name == counted) {
            let message = format!("`{}` needs `{counted}`: {}", kind.word(), kind.form());
            errors.at(span, message);
        }
        Some(extra)
    }

    fn interpret(&mut self, option: RawOption) -> syn::Result<()> {
        let (span, name) = (option.span(), option.name.to_string());
        match (name.as_str(), self.kind) {
            ("by", ExtraKind::Counter | ExtraKind::UpDown) | ("value", ExtraKind::Histogram) => {
                self.amount = match value(option, self.kind.form())? {
                    closure @ Expr::Closure(_) => Amount::OfResult(closure),
                    other => Amount::OfArguments(other),
                };
            }
            ("unit", _) => {
                let form = "a text: `unit = \"{order}\"`";
                let unit = text(value(option, form)?, "unit", form)?;
                name::check_unit(&unit)?;
                self.unit = Some(unit);
            }
            ("description", _) => self.description = Some(description(option)?),
            ("buckets", ExtraKind::Histogram) => self.buckets = Some(Buckets::parse(option)?),
            _ => {
                let what = format!("option of `{}`", self.kind.word());
                let message = unknown(&what, &name, self.kind.options());
                return Err(syn::Error::new(span, message));
            }
        }
        Ok(())
    }
}

/// The name, and what comes after it.
fn split_name(
    kind: ExtraKind,
    span: Span,
    tokens: TokenStream,
    errors: &mut Errors,
) -> Option<(Expr, TokenStream)> {
    let is_comma =
        |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',');
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let end = trees.iter().position(is_comma).unwrap_or(trees.len());
    let rest = trees.iter().skip(end + 1).cloned().collect();
    let written: TokenStream = trees[..end].iter().cloned().collect();
    let wrong = |span| wrong_form(span, kind.word(), kind.form());
    let checked = match syn::parse2::<Expr>(written) {
        Ok(Expr::Lit(literal)) => match &literal.lit {
            Lit::Str(text) => name::check(text, 0).map(|()| Expr::Lit(literal)),
            other => Err(wrong(other.span())),
        },
        Ok(Expr::Path(path)) => Ok(Expr::Path(path)),
        Ok(other) => Err(wrong(syn::spanned::Spanned::span(&other))),
        Err(_) => Err(wrong(span)),
    };
    match checked {
        Ok(name) => Some((name, rest)),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}
