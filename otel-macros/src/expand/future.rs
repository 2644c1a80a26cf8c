//! Functions whose work is done later: `async fn`, and what returns a future or stream.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote_spanned;
use syn::Type;

use super::site::{Private, captures, prepared};
use super::{body, generated, hidden, metering, outcome, query};
use crate::plan::{Expected, Plan};
use crate::scan::{self, Leaf, Tail};

/// The body as a future of its own, awaited in its span.
pub(super) fn async_fn(plan: &Plan, private: &Private, expected: &Expected) -> TokenStream {
    let span = generated();
    let prepared = prepare(plan, private, true);
    let body = body::captured(plan, &body::expectation(expected, private));
    let observer = outcome::observer(&plan.outcome, plan.site.metering.as_ref(), private);
    let (before, future) = if plan.site.metering.is_some() {
        let (holder, meter) = (hidden("__span"), hidden("__meter"));
        let future = quote_spanned! {span=>
            #private::Span::instrument_metered(#holder, #meter, async move { #body }, #observer)
        };
        (metered(plan, private, &prepared), future)
    } else {
        let future = quote_spanned! {span=>
            #private::Span::instrument(#prepared, async move { #body }, #observer)
        };
        (TokenStream::new(), future)
    };
    match expected {
        Expected::Never => quote_spanned!(span=> #before match #future.await {}),
        _ => quote_spanned!(span=> #before #future.await),
    }
}

/// The future at the end of the body in its span; what stands before it still runs at once.
pub(super) fn returned(
    plan: &Plan,
    private: &Private,
    expected: &Expected,
    boxed: Option<&Type>,
) -> TokenStream {
    let typed = match expected {
        // As the output of a future of its own a `!` would be something else.
        Expected::Never => TokenStream::new(),
        expected => body::expectation(expected, private),
    };
    wrapped(plan, private, "instrument", boxed, &typed)
}

/// The stream at the end of the body in its span.
pub(super) fn stream(plan: &Plan, private: &Private, boxed: Option<&Type>) -> TokenStream {
    let verb = "instrument_stream";
    wrapped(plan, private, verb, boxed, &TokenStream::new())
}

fn wrapped(
    plan: &Plan,
    private: &Private,
    verb: &str,
    boxed: Option<&Type>,
    typed: &TokenStream,
) -> TokenStream {
    let span = generated();
    let holder = hidden("__span");
    let prepared = prepare(plan, private, false);
    let (prepared, verb, meter) = if plan.site.metering.is_some() {
        let meter = hidden("__meter");
        let verb = hidden(&format!("{verb}_metered"));
        let meter = quote_spanned!(span=> #meter,);
        (metered(plan, private, &prepared), verb, meter)
    } else {
        let prepared = quote_spanned!(span=> let #holder = #prepared;);
        (prepared, hidden(verb), TokenStream::new())
    };
    let observer = outcome::observer(&plan.outcome, plan.site.metering.as_ref(), private);
    let instrument =
        |future: &TokenStream| quote_spanned!(span=> #holder.#verb(#meter #future, #observer));
    let body = &plan.function.body;
    if let Some(ty) = boxed {
        let leaf = |leaf| match leaf {
            Leaf::Made { tail, leaves } => made(tail, leaves, typed, instrument),
            Leaf::Other(value) => {
                let future = hidden("__future");
                let instrumented = instrument(&quote_spanned!(span=> #future));
                // With a way around the value, what follows is reachable, also if there is none.
                // The braces are the user's: their edition says how long temporaries live.
                let mut value = Group::new(Delimiter::Brace, value);
                value.set_span(body.span());
                quote_spanned! {span=>
                    match #private::same::<#ty>(if false { #private::probe::typed() } else #value) {
                        #future => #private::boxed(#instrumented)
                    }
                }
            }
        };
        if let Some(body) = scan::rewrite_leaves(body.stream(), leaf) {
            return quote_spanned!(span=> #prepared #body);
        }
    } else {
        let tail = scan::split_tail(body.stream())
            .filter(|tail| !scan::contains_keyword(tail.eager.clone(), "return"))
            .filter(|tail| tail.block.is_some() || !tail.wrapper.is_empty());
        if let Some(mut tail) = tail {
            let eager = std::mem::take(&mut tail.eager);
            let made = made(tail, false, typed, instrument);
            return quote_spanned!(span=> #prepared #eager #made);
        }
    }
    // The body's value is not written as a future, or there is more than one way to it.
    let value = if scan::contains_keyword(body.stream(), "return") {
        let output = output(plan);
        quote_spanned!(span=> #private::call_once(move || #output #body))
    } else {
        let body = body::unlinted(body);
        quote_spanned!(span=> #body)
    };
    let instrumented = instrument(&value);
    match boxed {
        Some(_) => quote_spanned!(span=> #prepared #private::boxed(#instrumented)),
        None => quote_spanned!(span=> #prepared #instrumented),
    }
}

/// A future that is made here, in its span: inside of the box that the user puts around it.
fn made(
    tail: Tail,
    leaves: bool,
    typed: &TokenStream,
    instrument: impl Fn(&TokenStream) -> TokenStream,
) -> TokenStream {
    let span = generated();
    let Tail {
        wrapper,
        future,
        block,
        chain,
        parens,
        ..
    } = tail;
    let future = match block {
        Some((keywords, block)) => {
            let block = body::prefixed(&block, typed);
            quote_spanned!(span=> #keywords #block)
        }
        None => future,
    };
    let around = |future: &TokenStream| {
        let instrumented = instrument(future);
        match &parens {
            Some(_) => quote_spanned!(span=> #wrapper(#instrumented #chain)),
            None => quote_spanned!(span=> #instrumented #chain),
        }
    };
    if leaves {
        // The span must still be there where the expression leaves.
        let name = hidden("__future");
        let around = around(&quote_spanned!(span=> #name));
        quote_spanned!(span=> match #future { #name => #around })
    } else {
        around(&future)
    }
}

/// `-> Type` for a closure that returns what the function does.
fn output(plan: &Plan) -> TokenStream {
    match &plan.function.sig.output {
        syn::ReturnType::Type(arrow, ty) if !matches!(&**ty, Type::ImplTrait(_)) => {
            quote_spanned!(generated()=> #arrow #ty)
        }
        _ => TokenStream::new(),
    }
}

/// An expression for the span: finds its parent and captures its fields; the clock starts at the
/// first poll.
///
/// A block of its own, because a variable that was borrowed stays in a future to its end.
fn prepare(plan: &Plan, private: &Private, is_first_poll: bool) -> TokenStream {
    let span = generated();
    let slots = plan.captures.len();
    let holder = hidden("__span");
    let captures = captures(&plan.captures, &plan.links, &holder, private);
    let asks = (plan.site.query.as_ref()).is_some_and(|query| !query.target.is_known());
    let is_lazy = is_first_poll && captures.is_empty() && !asks;
    let begin = prepared(&plan.site, &plan.start, slots, private, is_lazy);
    if captures.is_empty() {
        return begin;
    }
    match &plan.site.metering {
        Some(metering) => {
            let (meter, extras) = (hidden("__meter"), metering::extra_references(metering));
            quote_spanned! {span=> {
                let (mut #holder, #meter, #(#extras),*) = #begin;
                #captures
                (#holder, #meter, #(#extras),*)
            }}
        }
        None => quote_spanned!(span=> { let mut #holder = #begin; #captures #holder }),
    }
}

/// Statements that take the tuple of a counted call apart, and count what the arguments say.
fn metered(plan: &Plan, private: &Private, prepared: &TokenStream) -> TokenStream {
    let Some(metering) = &plan.site.metering else {
        return TokenStream::new();
    };
    let (holder, meter) = (hidden("__span"), hidden("__meter"));
    let labels = metering::labels(metering, private);
    let extras = metering::extra_references(metering);
    let counted = metering::count_arguments(metering, private);
    let asked = plan.site.query.as_ref();
    let target = asked.and_then(|query| query::target(&query.target, private));
    let prepared = match target {
        // A block of its own, for the reason above.
        Some(target) => quote_spanned! {generated()=> {
            let (mut #holder, mut #meter, #(#extras),*) = #prepared;
            #holder.ask(&mut #meter, || #target);
            (#holder, #meter, #(#extras),*)
        }},
        None => prepared.clone(),
    };
    quote_spanned! {generated()=>
        #labels
        let (#holder, #meter, #(#extras),*) = #prepared;
        #counted
    }
}
