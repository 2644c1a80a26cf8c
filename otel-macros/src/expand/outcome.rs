//! Looking at the value that came out.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Expr;
use syn::spanned::Spanned;

use super::site::Private;
use super::{generated, hidden, metering};
use crate::parse::Style;
use crate::plan::{MeteringPlan, OutcomePlan, Trust};

/// Statements that look at `__out`, a reference, on behalf of `__observer`.
pub(super) fn look(
    outcome: &OutcomePlan,
    metering: Option<&MeteringPlan>,
    private: &Private,
) -> TokenStream {
    let span = generated();
    let (out, observer) = (hidden("__out"), hidden("__observer"));
    let errors = if outcome.errors {
        errors(outcome, private)
    } else {
        TokenStream::new()
    };
    let ret = outcome.ret.map(|(option, style)| {
        let private = private.at(option);
        let span = private.span();
        let value = hidden("__value");
        let captured = match style {
            Style::Typed => quote_spanned!(span=> #value),
            Style::Display => quote_spanned!(span=> #private::display(#value).checked()),
            Style::Debug => quote_spanned!(span=> #private::debug(#value).checked()),
        };
        quote_spanned! {span=>
            if let #private::core::option::Option::Some(#value) =
                (&#private::probe::Probe(#out)).value()
            {
                #observer.ret(#captured);
            }
        }
    });
    let rows = outcome.rows.as_ref().map(|rows| {
        let private = private.at(rows.span());
        let span = private.span();
        let value = hidden("__value");
        quote_spanned! {span=>
            if let #private::core::option::Option::Some(#value) =
                (&#private::probe::Probe(#out)).value()
            {
                #observer.attribute(
                    "db.response.returned_rows",
                    &#private::probe::apply(#value, #rows),
                );
            }
        }
    });
    let counted = metering.map(|metering| metering::count_value(metering, private));
    quote_spanned!(span=> use #private::probe::traits::*; #errors #ret #rows #counted)
}

/// The second argument of `instrument`: a closure, or a function that ignores the value.
pub(super) fn observer(
    outcome: &OutcomePlan,
    metering: Option<&MeteringPlan>,
    private: &Private,
) -> TokenStream {
    let span = generated();
    let counts_value = metering.is_some_and(MeteringPlan::looks_at_value);
    if outcome.is_ignored() && !counts_value {
        return quote_spanned!(span=> #private::probe::ignore);
    }
    let (out, observer) = (hidden("__out"), hidden("__observer"));
    let look = look(outcome, metering, private);
    // It outlives the block that evaluated the labels.
    let keyword = counts_value.then(|| quote_spanned!(span=> move));
    quote_spanned!(span=> #keyword |#out, #observer| { #look })
}

fn errors(outcome: &OutcomePlan, private: &Private) -> TokenStream {
    let span = generated();
    let (out, observer, error) = (hidden("__out"), hidden("__observer"), hidden("__error"));
    let is_plain = outcome.map.is_none()
        && outcome.ok_if.is_none()
        && outcome.expected.is_none()
        && !outcome.none;
    if is_plain {
        let probe = quote_spanned!(span=> #private::probe::Probe(#out));
        let meaning = if outcome.asks_meaning {
            quote_spanned!(span=> |#out| (&&&&#private::meaning::ResultProbe(#out)).meaning())
        } else {
            quote_spanned!(span=> |_| #private::core::option::Option::None)
        };
        // The number of references says with which kind of error to begin: `Error`, or `Display`.
        return match outcome.trust {
            Trust::Everything => {
                quote_spanned!(span=> (&&&&&&&#probe).outcome(#meaning, #observer);)
            }
            Trust::Text => quote_spanned!(span=> (&&&&#probe).outcome(#meaning, #observer);),
            Trust::Nothing => quote_spanned!(span=> (&&#probe).outcome(#meaning, #observer);),
        };
    }
    let apply = |closure: &Expr| {
        let private = private.at(closure.span());
        quote_spanned!(private.span()=> #private::probe::apply(#error, #closure))
    };
    let is_expected = match &outcome.expected {
        Some(expected) => apply(expected),
        None => quote_spanned!(span=> false),
    };
    let seen = match &outcome.map {
        Some(map) => {
            let mapped = apply(map);
            quote_spanned!(span=> &#mapped)
        }
        None => error_ref(&error),
    };
    let view = hidden("__seen");
    let meaning = if outcome.asks_meaning || outcome.map.is_some() {
        quote_spanned!(span=> (&&&&#private::meaning::ErrorProbe(#view)).meaning())
    } else {
        quote_spanned!(span=> #private::core::option::Option::None)
    };
    let probe = quote_spanned! {span=>
        #private::probe::ErrorProbe(
            #view,
            #private::probe::type_name(#error),
            #is_expected,
            #meaning,
        )
    };
    let told = match outcome.trust {
        Trust::Everything => quote_spanned!(span=> (&&&&&&#probe).error(#observer)),
        Trust::Text => quote_spanned!(span=> (&&&#probe).error(#observer)),
        Trust::Nothing => quote_spanned!(span=> (&#probe).error(#observer)),
    };
    let record = quote_spanned!(span=> match #seen { #view => #told });
    let decide = match &outcome.ok_if {
        Some(ok_if) => {
            let accepted = apply(ok_if);
            quote_spanned!(span=> if #accepted { #observer.ok(); } else { #record })
        }
        None => record,
    };
    let private = private.at(outcome.asked_by.unwrap_or(span));
    let error_of = hidden(if outcome.none {
        "error_or_none"
    } else {
        "error_of"
    });
    let mut out = out;
    out.set_span(private.span());
    let found = quote_spanned!(private.span()=> #private::probe::#error_of(#out));
    quote_spanned! {span=>
        if let #private::core::option::Option::Some(#error) = #found {
            #decide
        }
    }
}

fn error_ref(error: &proc_macro2::Ident) -> TokenStream {
    quote::ToTokens::to_token_stream(error)
}
