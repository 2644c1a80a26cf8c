//! From the type to its `Label`, through the phases.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::error::Errors;
use crate::expand;
use crate::parse::LabelType;
use crate::plan::LabelPlan;

/// `#[derive(Label)] item`.
///
/// Where something is wrong the implementation comes out all the same, so that one mistake gives
/// one message.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let plan = LabelPlan::new(LabelType::parse(input, &mut errors), &mut errors);
    let implementation = expand::label(&plan);
    let mut tokens = errors.into_compile_errors();
    tokens.extend(implementation);
    tokens
}
