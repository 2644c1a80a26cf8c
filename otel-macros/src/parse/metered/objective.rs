//! `slo(success = 99.9, latency("250ms" = 99))`.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, Lit, LitStr, Token};

use super::super::duration::duration_ns;
use super::super::option::RawOption;
use super::bounds::number;
use super::{list, value, wrong_form};
use crate::error::{Errors, unknown};

/// What is promised of the calls.
#[derive(Default)]
pub(crate) struct Objective {
    /// How many of 100 succeed.
    pub(crate) success: Option<f64>,
    /// How many of 100 are over in so many nanoseconds.
    pub(crate) latency: Vec<(u64, f64)>,
}

/// The words, for messages.
const WORDS: &[&str] = &["success", "latency"];

const LATENCY: &str = "`latency(\"250ms\" = 99)`";

impl Objective {
    pub(super) fn parse(span: Span, tokens: TokenStream, errors: &mut Errors) -> syn::Result<Self> {
        let mut objective = Self::default();
        for option in RawOption::parse_all(tokens, errors) {
            if let Err(error) = objective.interpret(option) {
                errors.push(error);
            }
        }
        if errors.is_empty() && objective.success.is_none() && objective.latency.is_empty() {
            let form = "`slo(success = 99.9, latency(\"250ms\" = 99))`";
            return Err(wrong_form(span, "slo", form));
        }
        Ok(objective)
    }

    fn interpret(&mut self, option: RawOption) -> syn::Result<()> {
        let span = option.span();
        let name = option.name.to_string();
        let is_twice = match name.as_str() {
            "success" => {
                let share = percent(&value(option, "`success = 99.9`")?)?;
                self.success.replace(share).is_some()
            }
            "latency" => {
                let latencies = latencies.parse2(list(option, LATENCY)?)?;
                let is_twice = !self.latency.is_empty();
                self.latency = latencies;
                is_twice
            }
            found => {
                let message = unknown("objective", found, WORDS);
                return Err(syn::Error::new(span, message));
            }
        };
        if is_twice {
            let message = format!("`{name}` is given twice; remove one of them");
            return Err(syn::Error::new(span, message));
        }
        Ok(())
    }
}

fn latencies(input: ParseStream<'_>) -> syn::Result<Vec<(u64, f64)>> {
    let one = |input: ParseStream<'_>| {
        let wrong = |span| wrong_form(span, "latency", LATENCY);
        let limit: LitStr = input
            .parse()
            .map_err(|error: syn::Error| wrong(error.span()))?;
        let at = limit.span();
        let limit = duration_ns(&Expr::Lit(ExprLit {
            attrs: Vec::new(),
            lit: Lit::Str(limit),
        }))?;
        let _: Token![=] = input.parse().map_err(|_| wrong(at))?;
        Ok((limit, percent(&input.parse()?)?))
    };
    let latencies = input.parse_terminated(one, Token![,])?;
    Ok(latencies.into_iter().collect())
}

fn percent(expr: &Expr) -> syn::Result<f64> {
    match number(expr) {
        Some(share) if share > 0.0 && share < 100.0 => Ok(share),
        _ => Err(syn::Error::new_spanned(
            expr,
            "how many of 100 calls: a number above 0 and below 100, since something may always fail",
        )),
    }
}
