//! The macros beside the annotation.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::site::{Private, captures, prepared, value};
use super::{generated, hidden};
use crate::parse::{EventCall, SetCall, SpanCall};
use crate::plan::{Capture, Declared, Location, SitePlan, StartPlan, manual_captures};

/// An expression of type `Span<N>`, started.
pub(crate) fn span(call: SpanCall) -> TokenStream {
    let mut args = call.args;
    let (fields, values) = manual_captures(std::mem::take(&mut args.fields));
    let start = StartPlan::new(args.root.is_some(), args.parent.take());
    let links = std::mem::take(&mut args.links);
    let span = generated();
    let site = SitePlan::new(
        &mut args,
        fields,
        Location::of(proc_macro2::Span::call_site()),
    );
    let private = Private::new(site.runtime.as_ref());
    let begin = prepared(&site, &start, values.len(), &private, false);
    let holder = hidden("__span");
    let captures = captures(&values, &links, &holder, &private);
    let mutability = (!captures.is_empty()).then(|| quote_spanned!(span=> mut));
    quote_spanned!(span=> {
        let #mutability #holder = #begin;
        #captures
        #holder.start()
    })
}

/// A call of `add_event`.
pub(crate) fn event(call: EventCall) -> TokenStream {
    let span = generated();
    let private = Private::new(call.runtime.as_ref());
    let (fields, values) = manual_captures(call.fields);
    let pairs = pairs(&fields, &values).map(|(key, capture)| {
        let value = value(capture, &private);
        let key = &key.key;
        quote_spanned!(span=> (#key, #value))
    });
    let name = &call.name;
    quote_spanned!(span=> #private::add_event(#name, &[#(#pairs),*]))
}

/// Calls of `set_attribute`.
pub(crate) fn set_attributes(call: SetCall) -> TokenStream {
    let span = generated();
    let private = Private::new(call.runtime.as_ref());
    let (fields, values) = manual_captures(call.fields);
    let calls = pairs(&fields, &values).map(|(key, capture)| {
        let value = value(capture, &private);
        let key = &key.key;
        quote_spanned!(span=> #private::set_attribute(#key, #value);)
    });
    quote_spanned!(span=> { #(#calls)* })
}

fn pairs<'a>(
    fields: &'a [Declared],
    values: &'a [Capture],
) -> impl Iterator<Item = (&'a Declared, &'a Capture)> {
    values
        .iter()
        .map(|capture| (&fields[capture.index], capture))
}
