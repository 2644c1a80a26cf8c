//! `buckets(0.1, 0.5)`, `buckets = exponential`, `buckets = BOUNDS`.

use proc_macro2::{Literal, Span};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprPath, Lit, Token, UnOp};

use super::super::option::{Form, RawOption};
use super::wrong_form;

/// Where the buckets of a histogram are.
pub(crate) enum Buckets {
    /// They follow the values.
    Exponential,
    /// Between these boundaries.
    List(Vec<Literal>),
    /// Between those of a constant.
    Constant(ExprPath),
}

const FORM: &str = "`buckets(0.1, 0.5, 1)`, as the path of a constant: `buckets = BOUNDS`, or as `buckets = exponential`";

impl Buckets {
    pub(super) fn parse(option: RawOption) -> syn::Result<Self> {
        let span = option.span();
        match option.form {
            Form::Value(value) => match *value {
                Expr::Path(path) if path.path.is_ident("exponential") => Ok(Self::Exponential),
                Expr::Path(path) => Ok(Self::Constant(path)),
                other => Err(wrong_form(
                    syn::spanned::Spanned::span(&other),
                    "buckets",
                    FORM,
                )),
            },
            Form::List(list) => {
                let numbers = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(list)?;
                if numbers.is_empty() {
                    return Err(wrong_form(span, "buckets", FORM));
                }
                rising(&numbers.into_iter().collect::<Vec<_>>()).map(Self::List)
            }
            Form::Flag => Err(wrong_form(span, "buckets", FORM)),
        }
    }
}

fn rising(numbers: &[Expr]) -> syn::Result<Vec<Literal>> {
    let mut before: Option<f64> = None;
    let mut boundaries = Vec::new();
    for expr in numbers {
        let span = syn::spanned::Spanned::span(expr);
        let boundary = number(expr).ok_or_else(|| wrong_form(span, "buckets", FORM))?;
        if let Some(before) = before
            && before >= boundary
        {
            let message = format!(
                "each boundary is above the one before, and `{boundary}` comes after `{before}`"
            );
            return Err(syn::Error::new(span, message));
        }
        before = Some(boundary);
        boundaries.push(literal(boundary, span));
    }
    Ok(boundaries)
}

/// The value of a number as it is written.
pub(super) fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(float) => float.base10_parse().ok(),
            Lit::Int(int) => int.base10_digits().parse().ok(),
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            number(&unary.expr).map(|number| -number)
        }
        Expr::Group(group) => number(&group.expr),
        Expr::Paren(paren) => number(&paren.expr),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

fn literal(number: f64, span: Span) -> Literal {
    let mut literal = Literal::f64_suffixed(number);
    literal.set_span(span);
    literal
}
