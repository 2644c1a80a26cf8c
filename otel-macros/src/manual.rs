//! From the macros' calls to what comes out, through the phases.

use proc_macro2::TokenStream;

use crate::expand;
use crate::parse::{EventCall, SetCall, SpanCall};

/// `span!(..)`.
pub(crate) fn span(call: TokenStream) -> TokenStream {
    match syn::parse2::<SpanCall>(call) {
        Ok(call) if call.errors.is_empty() => expand::span(call),
        Ok(call) => call.errors.into_compile_errors(),
        Err(error) => error.into_compile_error(),
    }
}

/// `event!(..)`.
pub(crate) fn event(call: TokenStream) -> TokenStream {
    match syn::parse2::<EventCall>(call) {
        Ok(call) => expand::event(call),
        Err(error) => error.into_compile_error(),
    }
}

/// `set_attributes!(..)`.
pub(crate) fn set_attributes(call: TokenStream) -> TokenStream {
    match syn::parse2::<SetCall>(call) {
        Ok(call) => expand::set_attributes(call),
        Err(error) => error.into_compile_error(),
    }
}
