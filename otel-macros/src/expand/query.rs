//! What is asked of a database: the `static` that says it, whom it is asked, and the statement as
//! the body knows it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::site::{Private, reference};
use super::{generated, hidden};
use crate::parse::System;
use crate::plan::{QueryPlan, TargetPlan, TextPlan};

/// The `static` that says what is known at compile time.
pub(super) fn declaration(query: &QueryPlan, private: &Private) -> TokenStream {
    let span = generated();
    let name = name();
    let system = match &query.system {
        System::Known(system) => quote_spanned!(span=> #system),
        System::Constant(path) => quote_spanned!(span=> #path),
    };
    let text = match &query.text {
        TextPlan::None => query.summary.as_ref().map(|summary| {
            // Its quotes do not close: nothing but the first word is told.
            quote_spanned!(span=> .read(#summary, ""))
        }),
        TextPlan::Read(text) => {
            let summary = query.summary.as_ref();
            let summary = summary.map_or_else(String::new, syn::LitStr::value);
            Some(quote_spanned!(span=> .read(#summary, #text)))
        }
        TextPlan::Constant(path) => Some(quote_spanned!(span=> .constant(#path))),
        TextPlan::Given => Some(quote_spanned!(span=> .given())),
    };
    let said = [
        ("operation", &query.operation),
        ("collection", &query.collection),
        ("procedure", &query.procedure),
        ("namespace", &query.namespace),
    ];
    let said = said.into_iter().filter_map(|(verb, text)| {
        let (verb, text) = (hidden(verb), text.as_ref()?);
        Some(quote_spanned!(span=> .#verb(#text)))
    });
    let server = query.server.as_ref().map(|(address, port)| {
        let port = match port {
            Some(port) => quote_spanned!(span=> #private::core::option::Option::Some(#port)),
            None => quote_spanned!(span=> #private::core::option::Option::None),
        };
        quote_spanned!(span=> .server(#address, #port))
    });
    let slow = query.slow_ns.map(|slow_ns| {
        let slow_ns = Literal::u64_unsuffixed(slow_ns);
        quote_spanned!(span=> .slow_ns(#slow_ns))
    });
    let named = query.is_named.then(|| quote_spanned!(span=> .named()));
    let raw = query.raw.then(|| quote_spanned!(span=> .raw()));
    quote_spanned! {span=>
        static #name: #private::QuerySpec =
            #private::QuerySpec::new(#system) #text #(#said)* #server #slow #named #raw;
    }
}

/// What the Site says of it.
pub(super) fn of_site() -> TokenStream {
    let name = name();
    quote_spanned!(generated()=> .query(&#name))
}

/// An expression for whom the call asks; nothing, if all of that is known at compile time.
pub(super) fn target(target: &TargetPlan, private: &Private) -> Option<TokenStream> {
    if target.is_known() {
        return None;
    }
    let span = generated();
    let none = quote_spanned!(span=> #private::core::option::Option::None);
    let mut asked = target.asked.iter().map(|expr| {
        let private = private.at(expr.span());
        let (at, value) = (private.span(), reference(expr));
        if target.is_certain {
            quote_spanned!(at=> #private::target::of(#value))
        } else {
            quote_spanned!(at=> (&&#private::target::Probe(#value)).target())
        }
    });
    let first = asked.next().unwrap_or_else(|| none.clone());
    let asked = quote_spanned!(span=> #first #(.or_else(|| #asked))*);
    let said = [&target.address, &target.port, &target.namespace];
    let target = if said.iter().all(|said| said.is_none()) {
        asked
    } else {
        let [address, port, namespace] = said.map(|said| said.as_ref().map(reference));
        let text = |said: Option<TokenStream>| match said {
            Some(text) => quote_spanned!(span=> #private::target::text(#text)),
            None => none.clone(),
        };
        let (address, namespace) = (text(address), text(namespace));
        let port = match port {
            Some(port) => quote_spanned!(span=> #private::core::option::Option::Some(*#port)),
            None => none.clone(),
        };
        quote_spanned!(span=> #private::target::with(#asked, #address, #port, #namespace))
    };
    Some(quote_spanned! {span=> {
        use #private::target::traits::*;
        #target
    }})
}

/// The statement as the body knows it.
pub(super) fn constant(query: &QueryPlan) -> Option<TokenStream> {
    let statement = query.constant.as_ref()?;
    // As the user's own name, and from where the statement is.
    let name = Ident::new("QUERY", statement.span());
    Some(quote_spanned! {generated()=>
        #[allow(dead_code)]
        const #name: &str = #statement;
    })
}

fn name() -> Ident {
    hidden("__QUERY")
}
