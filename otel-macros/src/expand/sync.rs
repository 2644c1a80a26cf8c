//! Functions that are over when they return.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use super::site::{Private, begun, captures};
use super::{body, generated, hidden, metering, outcome, query};
use crate::plan::Plan;
use crate::scan::{self, Exits, Walk};

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

/// A guard, and the body in place, with its ways out looked at one by one.
///
/// What a macro may hide is not seen. Where that can only be a `?`, leaving unseen is an error.
pub(super) fn tracked(
    plan: &Plan,
    private: &Private,
    output: &Type,
    fallible: bool,
) -> TokenStream {
    let span = generated();
    let guard = guard(plan, private);
    let body = &plan.function.body;
    let (result, holder, out) = (hidden("__result"), hidden("__guard"), hidden("__out"));
    let settle = (plan.outcome.errors && scan::contains_question_mark(body.stream()))
        .then(|| quote_spanned!(span=> #holder.observe(#private::probe::assume_ok);));
    let look = look(plan, private);
    let observe = quote_spanned!(span=> #settle let #out = &#result; #look);
    let is_known = !scan::contains_keyword(quote_spanned!(span=> #output), "_");
    let question = (fallible && plan.outcome.errors && is_known)
        .then(|| quote_spanned!(span=> .__otelkit_question(|#out: &#output| { #settle #look })));
    let mut walk = Walk::new(Ways {
        output: quote_spanned!(span=> #output),
        observe: observe.clone(),
        question,
    });
    let inner = walk.tokens(&scan::trees(body.stream()));
    let uses_trait = walk.exits.question.is_some() && walk.questions > 0;
    let import = uses_trait.then(|| quote_spanned!(span=> use #private::probe::Question as _;));
    let hides_question = walk.hides_question || walk.exits.question.is_none() && walk.questions > 0;
    let assume = (plan.outcome.errors && hides_question && !walk.hides_return)
        .then(|| quote_spanned!(span=> #holder.observe(#private::probe::assume_error);));
    // With a way around the body, what follows is reachable, also if the body never ends.
    let value = match walk.changes {
        0 => body::unlinted(body),
        _ => body::unlinted(&scan::regrouped(body, inner)),
    };
    quote_spanned! {span=>
        #import
        #guard
        #assume
        let #result: #output = if false { #private::probe::typed() } else #value;
        #observe
        #result
    }
}

/// The ways out of a body that stays in place.
struct Ways {
    output: TokenStream,
    /// Looks at the result.
    observe: TokenStream,
    /// A call of a method that looks at an error before `?` returns it.
    question: Option<TokenStream>,
}

impl Exits for Ways {
    fn at_return(walk: &mut Walk<Self>, word: &Ident, operand: &[TokenTree]) -> TokenStream {
        if operand.is_empty() {
            return word.into_token_stream();
        }
        let span = generated();
        let operand = walk.tokens(operand);
        let result = hidden("__result");
        let Self {
            output, observe, ..
        } = &walk.exits;
        quote_spanned! {span=>
            #word { let #result: #output = #operand; #observe #result }
        }
    }

    fn at_question(&mut self) -> TokenStream {
        self.question.clone().unwrap_or_default()
    }
}

/// Begins the span and captures its fields; counts what the arguments say.
fn guard(plan: &Plan, private: &Private) -> TokenStream {
    let span = generated();
    let slots = proc_macro2::Literal::usize_unsuffixed(plan.captures.len());
    let guard = hidden("__guard");
    let begun = begun(&plan.site, &plan.start, private, &guard);
    let captures = captures(&plan.captures, &plan.links, &guard, private);
    let Some(metering) = &plan.site.metering else {
        return quote_spanned! {span=>
            let mut #guard = #private::Guard::<#slots>::idle();
            #begun;
            #captures
        };
    };
    let labels = metering::labels(metering, private);
    let extras = metering::extra_references(metering);
    let extras = (!extras.is_empty()).then(|| quote_spanned!(span=> let (#(#extras,)*) =));
    let counted = metering::count_arguments(metering, private);
    let asked = plan.site.query.as_ref();
    let asked = asked.and_then(|query| query::target(&query.target, private));
    let asked = asked.map(|target| quote_spanned!(span=> #guard.ask(|| #target);));
    quote_spanned! {span=>
        let mut #guard = #private::Metered::<#slots>::idle();
        #labels
        #extras #begun;
        #asked
        #counted
        #captures
    }
}

fn observe(plan: &Plan, private: &Private) -> TokenStream {
    let (out, result) = (hidden("__out"), hidden("__result"));
    let look = look(plan, private);
    quote_spanned!(generated()=> let #out = &#result; #look)
}

/// Looks at `__out`, a reference.
fn look(plan: &Plan, private: &Private) -> TokenStream {
    let look = outcome::look(&plan.outcome, plan.site.metering.as_ref(), private);
    let (guard, observer) = (hidden("__guard"), hidden("__observer"));
    quote_spanned!(generated()=> #guard.observe(|#observer| { #look });)
}
