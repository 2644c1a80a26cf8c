//! A metric that is known before `main`.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::site::Private;
use super::{generated, hidden};
use crate::parse::MetricStatic;

/// What stands behind the `static`: a function that the loader calls.
pub(crate) fn metric(metric: &MetricStatic) -> TokenStream {
    let runtime = metric.runtime.as_ref().map(|(_, path)| path);
    // A type that is no metric is told where the `static` has its name.
    let private = Private::new(runtime).at(metric.ident.span());
    let (ident, place) = (&metric.ident, hidden("__place"));
    quote_spanned! {generated()=>
        const _: () = {
            #private::register!(#ident, #place, register_metric);
        };
    }
}
