//! `#[metric] static ORDERS: Counter = ..;`

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Item, ItemStatic, Path, StaticMutability};

use super::classify::{once, value, wrong_form};
use super::option::RawOption;
use crate::error::{Errors, unknown};

/// A `static` that is a metric.
pub(crate) struct MetricStatic {
    pub(crate) ident: Ident,
    /// Where `otel_runtime` is.
    pub(crate) runtime: Option<(Span, Path)>,
}

/// The words, for messages.
const WORDS: &[&str] = &["runtime"];

const FORM: &str = "`static ORDERS: Counter = Counter::new(\"shop.orders\", &[]);`";

impl MetricStatic {
    /// The `static`, unless something is wrong with it.
    pub(crate) fn parse(
        options: TokenStream,
        item: TokenStream,
        errors: &mut Errors,
    ) -> Option<Self> {
        let mut runtime = None;
        for option in RawOption::parse_all(options, errors) {
            if let Err(error) = interpret(option, &mut runtime) {
                errors.push(error);
            }
        }
        let mut wrong = |span: Span, message: String| {
            errors.at(span, message);
            None
        };
        let no_static = || format!("`#[metric]` goes on a `static` with a value: {FORM}");
        match syn::parse2::<Item>(item) {
            Ok(Item::Static(ItemStatic {
                mutability: StaticMutability::None,
                ident,
                ..
            })) => Some(Self { ident, runtime }),
            Ok(Item::Static(item)) => wrong(
                item.mutability.span(),
                "all threads share a metric and change it as it is; remove `mut`".to_owned(),
            ),
            Ok(Item::Const(item)) => wrong(
                item.const_token.span(),
                format!(
                    "a `const` is another metric each time it is named; make it a `static`: {FORM}"
                ),
            ),
            Ok(other) => wrong(other.span(), no_static()),
            Err(error) => wrong(error.span(), no_static()),
        }
    }
}

fn interpret(option: RawOption, runtime: &mut Option<(Span, Path)>) -> syn::Result<()> {
    let span = option.span();
    match option.name.to_string().as_str() {
        "runtime" => {
            let form = "the path of the crate: `runtime = my_crate::otel_runtime`";
            let Expr::Path(path) = value(option, form)? else {
                return Err(wrong_form(span, "runtime", form));
            };
            once(runtime, (span, path.path), span, "runtime")
        }
        "name" | "unit" | "description" | "labels" | "buckets" => Err(syn::Error::new(
            span,
            format!("`{}` is said by the `static` itself: {FORM}", option.name),
        )),
        name => Err(syn::Error::new(span, unknown("option", name, WORDS))),
    }
}
