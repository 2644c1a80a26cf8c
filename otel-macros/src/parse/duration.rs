//! Durations, written as texts.

use syn::{Expr, Lit};

/// The nanoseconds of a text such as `250ms`.
pub(super) fn duration_ns(value: &Expr) -> syn::Result<u64> {
    const UNITS: &[(&str, u64)] = &[
        ("ns", 1),
        ("us", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("min", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    let wrong = |found: &str| {
        let message = format!(
            "`{found}` is no duration; write a whole number and `ns`, `us`, `ms`, `s`, `min` or `h`, such as \"250ms\""
        );
        syn::Error::new_spanned(value, message)
    };
    let Expr::Lit(syn::ExprLit {
        lit: Lit::Str(text),
        ..
    }) = value
    else {
        return Err(wrong(&quote::ToTokens::to_token_stream(value).to_string()));
    };
    let text = text.value();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit = UNITS.iter().find(|(name, _)| *name == unit.trim());
    match (number.parse::<u64>(), unit) {
        (Ok(number), Some((_, factor))) => number.checked_mul(*factor).ok_or_else(|| wrong(&text)),
        _ => Err(wrong(&text)),
    }
}
