//! From the macros' input to their output, through the phases.

use proc_macro2::TokenStream;

use crate::error::Errors;
use crate::expand;
use crate::parse::{Args, EventCall, Item, RawOption, SetCall, SpanCall};
use crate::plan::{self, BlockPlan, Plan};

/// `#[traced(options)] item`.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = RawOption::parse_all(options, &mut errors);
    let expanded = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Function(function)) => {
            let args = Args::interpret(options, &mut errors);
            if args.skip.is_some() && errors.is_empty() {
                return item;
            }
            let plan = Plan::new(args, *function, &mut errors);
            errors.is_empty().then(|| expand::function(&plan))
        }
        Ok(Item::Block(block)) => {
            plan::check_defaults(&options, &mut errors);
            let args = Args::interpret(options.clone(), &mut errors);
            let plan = BlockPlan::new(block, &options, args.runtime, &mut errors);
            errors.is_empty().then(|| expand::block(&plan))
        }
        Err(error) => {
            errors.push(error);
            None
        }
    };
    expanded.unwrap_or_else(|| {
        let mut tokens = errors.into_compile_errors();
        tokens.extend(item);
        tokens
    })
}

/// `span!(..)`.
pub(crate) fn expand_span(call: TokenStream) -> TokenStream {
    match syn::parse2::<SpanCall>(call) {
        Ok(call) if call.errors.is_empty() => expand::span(call),
        Ok(call) => call.errors.into_compile_errors(),
        Err(error) => error.into_compile_error(),
    }
}

/// `event!(..)`.
pub(crate) fn expand_event(call: TokenStream) -> TokenStream {
    match syn::parse2::<EventCall>(call) {
        Ok(call) => expand::event(call),
        Err(error) => error.into_compile_error(),
    }
}

/// `set_attributes!(..)`.
pub(crate) fn expand_set_attributes(call: TokenStream) -> TokenStream {
    match syn::parse2::<SetCall>(call) {
        Ok(call) => expand::set_attributes(call),
        Err(error) => error.into_compile_error(),
    }
}
