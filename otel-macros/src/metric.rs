//! From a `static` to a metric that is known before `main`, through the phases.

use proc_macro2::TokenStream;

use crate::error::Errors;
use crate::expand;
use crate::parse::MetricStatic;

/// `#[metric(options)] item`.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let metric = MetricStatic::parse(options, item.clone(), &mut errors);
    let registered = metric
        .filter(|_| errors.is_empty())
        .map(|metric| expand::metric(&metric));
    let mut tokens = errors.into_compile_errors();
    tokens.extend(item);
    tokens.extend(registered);
    tokens
}
