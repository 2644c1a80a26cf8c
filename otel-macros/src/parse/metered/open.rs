//! `open(expr, max = 100)`: a label whose values are not known before they come.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, Lit};

use super::super::field::place_key;

/// An open label's value, and how many of them are told apart.
pub(crate) struct Open {
    pub(crate) value: Expr,
    /// A number, or the path of a constant.
    pub(crate) max: Expr,
}

const FORM: &str = "`open(tenant, max = 100)`";

impl Open {
    /// What is said of the label with this key, if its value is written as an open one.
    pub(super) fn parse(value: &Expr) -> Option<syn::Result<Self>> {
        let Expr::Call(call) = value else { return None };
        match &*call.func {
            Expr::Path(path) if path.path.is_ident("open") => Some(Self::parse_call(call)),
            _ => None,
        }
    }

    fn parse_call(call: &ExprCall) -> syn::Result<Self> {
        let mut values = Vec::new();
        let mut max = None;
        for argument in &call.args {
            match argument {
                Expr::Assign(assign) => {
                    let is_max =
                        matches!(&*assign.left, Expr::Path(path) if path.path.is_ident("max"));
                    if !is_max {
                        let message = format!("an open label is written as {FORM}");
                        return Err(syn::Error::new(assign.left.span(), message));
                    }
                    if max.replace(cap(&assign.right)?).is_some() {
                        let message = "`max` is given twice; remove one of them";
                        return Err(syn::Error::new(assign.left.span(), message));
                    }
                }
                value => values.push(value.clone()),
            }
        }
        let wrong = |span: Span, message: String| Err(syn::Error::new(span, message));
        let Some(max) = max else {
            let place = values.first().and_then(place_key);
            let written = place.map_or_else(|| "..".to_owned(), |place| place.text);
            return wrong(
                call.span(),
                format!(
                    "an open label needs a cap, since each of its values is a series that is kept and exported; write how many values are told apart, all further ones share a series: `open({written}, max = 100)`"
                ),
            );
        };
        match &*values {
            [value] => Ok(Self {
                value: value.clone(),
                max,
            }),
            [] => wrong(call.span(), format!("`open` needs a value: {FORM}")),
            [_, more, ..] => wrong(more.span(), format!("an open label has one value: {FORM}")),
        }
    }
}

/// A whole number above zero, or a path.
fn cap(expr: &Expr) -> syn::Result<Expr> {
    let is_cap = match expr {
        Expr::Path(_) => true,
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number
                .base10_parse::<usize>()
                .is_ok_and(|number| number > 0),
            _ => false,
        },
        _ => false,
    };
    if is_cap {
        return Ok(expr.clone());
    }
    Err(syn::Error::new(
        expr.span(),
        "how many values are told apart is a whole number above zero, or the path of a constant: `max = 100`",
    ))
}
