//! Functions that are over when they return.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Type;

use super::site::{Private, begun, captures};
use super::{body, generated, hidden, outcome};
use crate::plan::Plan;
use crate::scan;

/// A guard, then the body's own tokens.
pub(super) fn plain(plan: &Plan, private: &Private) -> TokenStream {
    let guard = guard(plan, private);
    let body = body::unlinted(&plan.function.body);
    quote_spanned!(generated()=> #guard #body)
}

/// A guard, and the body as a closure that is called once, so that `return` and `?` lead here.
pub(super) fn observed(plan: &Plan, private: &Private, output: &Type) -> TokenStream {
    let span = generated();
    let guard = guard(plan, private);
    let body = body::captured(plan, &TokenStream::new());
    let observe = observe(plan, private);
    let result = hidden("__result");
    quote_spanned! {span=>
        #guard
        let #result = #private::call_once(move || -> #output { #body });
        #observe
        #result
    }
}

/// A guard, and the body in place; a `return` or `?` inside leaves without being looked at.
///
/// Where the only way to leave early is `?`, leaving early is an error.
pub(super) fn tracked(plan: &Plan, private: &Private, output: &Type) -> TokenStream {
    let span = generated();
    let guard = guard(plan, private);
    let observe = observe(plan, private);
    let body = &plan.function.body;
    let (result, holder) = (hidden("__result"), hidden("__guard"));
    let leaves_by_error = scan::contains_question_mark(body.stream())
        && !scan::contains_keyword(body.stream(), "return");
    let assume = (plan.outcome.errors && leaves_by_error)
        .then(|| quote_spanned!(span=> #holder.observe(#private::probe::assume_error);));
    // With a way around the body, what follows is reachable, also if the body never ends.
    let value = body::unlinted(body);
    quote_spanned! {span=>
        #guard
        #assume
        let #result: #output = if false { #private::probe::typed() } else #value;
        #holder.observe(#private::probe::assume_ok);
        #observe
        #result
    }
}

/// Begins the span and captures its fields.
fn guard(plan: &Plan, private: &Private) -> TokenStream {
    let span = generated();
    let slots = proc_macro2::Literal::usize_unsuffixed(plan.captures.len());
    let guard = hidden("__guard");
    let begun = begun(&plan.site, &plan.start, private, &guard);
    let captures = captures(&plan.captures, &plan.links, &guard, private);
    quote_spanned! {span=>
        let mut #guard = #private::Guard::<#slots>::idle();
        #begun;
        #captures
    }
}

fn observe(plan: &Plan, private: &Private) -> TokenStream {
    let span = generated();
    let look = outcome::look(&plan.outcome, private);
    let (guard, observer) = (hidden("__guard"), hidden("__observer"));
    let (out, result) = (hidden("__out"), hidden("__result"));
    quote_spanned! {span=>
        #guard.observe(|#observer| { let #out = &#result; #look });
    }
}
