//! What is counted of a call: the `static`s that say it, and the values.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Lit};

use super::site::{Private, reference};
use super::{generated, hidden};
use crate::parse::{Amount, Buckets, Extra, ExtraKind, Objective};
use crate::plan::{KnownErrors, LabelsPlan, MeteringPlan};

/// What the Site says of it.
pub(super) fn of_site(metering: &MeteringPlan, private: &Private) -> TokenStream {
    let span = generated();
    let untraced = (metering.is_untraced).then(|| quote_spanned!(span=> .untraced()));
    let objective = metering.objective.as_ref().map(|promised| {
        let promised = objective(promised, private);
        quote_spanned!(span=> .objective(#promised))
    });
    quote_spanned!(span=> .metered() #untraced #objective)
}

/// Everything that is counted of the Site, each in a `static`.
pub(super) fn statics(
    metering: &MeteringPlan,
    asks: bool,
    site: &Ident,
    private: &Private,
) -> TokenStream {
    let span = generated();
    if metering.is_query_alone {
        let calls = calls_name();
        return quote_spanned!(span=> static #calls: #private::Calls = #private::Calls::of_query(&#site););
    }
    let asking = asks.then(|| quote_spanned!(span=> .asking()));
    let labels = metering.labels.as_ref();
    let known = labels.filter(|labels| !labels.keys.is_empty());
    let shape = known.map(|labels| {
        let (name, shape) = (shape_name(), shape(labels, private));
        quote_spanned!(span=> const #name: #private::LabelShape = #shape;)
    });
    let labelled = labels.map(|labels| {
        let max = metering.max_series.as_ref();
        let max = max.map(|max| quote_spanned!(span=> .max_series(#max)));
        let known = known.map(|labels| {
            let (keys, shape) = (&labels.keys, shape_name());
            quote_spanned!(span=> .labels(&[#(#keys),*], #shape))
        });
        let open = (!labels.open.is_empty()).then(|| {
            let (keys, interner) = (&labels.open_keys, interner_name());
            quote_spanned!(span=> .open(&[#(#keys),*], &#interner))
        });
        quote_spanned!(span=> #max #known #open)
    });
    let extras = metering.extras.iter().enumerate().map(|(index, extra)| {
        let name = extra_name(index);
        let extra = self::extra(extra, site, labelled.as_ref(), private);
        quote_spanned!(span=> static #name: #private::Extra = #extra;)
    });
    let calls = calls_name();
    let names = metering.names.as_ref().map(|names| {
        let (duration, calls) = (&names.duration, &names.calls);
        quote_spanned!(span=> .names(#duration, #calls))
    });
    let asks = matches!(metering.errors, KnownErrors::Of(_) | KnownErrors::Absence);
    let traits = asks.then(|| quote_spanned!(span=> use #private::meaning::traits::*;));
    let errors = errors(&metering.errors, private);
    let asynchronous = (metering.is_cancellable).then(|| quote_spanned!(span=> .asynchronous()));
    let in_flight = metering
        .in_flight
        .as_ref()
        .map(|name| quote_spanned!(span=> .in_flight(#name)));
    let words = words(
        metering.unit.as_ref(),
        metering.description.as_ref(),
        metering.buckets.as_ref(),
    );
    quote_spanned! {span=>
        #traits
        #shape
        static #calls: #private::Calls = #private::Calls::new(&#site)
            #names #labelled #errors #asynchronous #in_flight #words #asking;
        #(#extras)*
    }
}

/// What is registered beside the Site: `, CALLS, EXTRA`.
pub(super) fn registered(metering: &MeteringPlan) -> TokenStream {
    let calls = calls_name();
    let extras = (0..metering.extras.len()).map(extra_name);
    quote_spanned!(generated()=> , #calls #(, #extras)*)
}

/// What is said of a call that begins: `, &CALLS, labels`.
pub(super) fn begun(metering: &MeteringPlan, private: &Private) -> TokenStream {
    let (calls, series) = (calls_name(), series(metering, private));
    quote_spanned!(generated()=> , &#calls, #series)
}

/// Statements that evaluate the labels.
pub(super) fn labels(metering: &MeteringPlan, private: &Private) -> TokenStream {
    let Some(labels) = &metering.labels else {
        return TokenStream::new();
    };
    let span = generated();
    let name = hidden("__labels");
    let known = known_series(labels, private);
    if labels.open.is_empty() {
        return quote_spanned!(span=> let #name = #known;);
    }
    let interner = interner_name();
    let maxima = labels.open.iter().map(|open| &open.max);
    let values = labels.open.iter().map(|open| {
        // A type that is no value of an open label is told where the value stands.
        let private = private.at(open.value.span());
        let value = reference(&open.value);
        quote_spanned!(private.span()=> (&&&#private::open::Probe(#value)).open_value())
    });
    quote_spanned! {span=>
        static #interner: #private::Interner = #private::Interner::new(&[#(#maxima),*]);
        let #name = {
            use #private::open::traits::*;
            #private::open::series(&#interner, #known, &[#(#values),*])
        };
    }
}

/// The series of the labels whose types say which values there are.
fn known_series(labels: &LabelsPlan, private: &Private) -> TokenStream {
    let Some(first) = labels.labels.first() else {
        return only(private);
    };
    let span = generated();
    let values = labels.labels.iter().map(|label| reference(&label.value));
    let types = labels.labels.iter().map(|label| match &label.ty {
        Some(ty) => quote_spanned!(span=> &#ty),
        None => quote_spanned!(span=> &_),
    });
    // A type that is no label is told where the value stands.
    let private = private.at(first.value.span());
    let index = quote_spanned!(private.span()=> #private::labels_index::<(#(#types,)*)>);
    quote_spanned!(span=> #index(&(#(#values,)*)))
}

/// References to the `static`s of what is counted beside the calls, for use outside of the block
/// that declares them.
pub(super) fn extra_statics(metering: &MeteringPlan) -> Vec<TokenStream> {
    let extras = (0..metering.extras.len()).map(extra_name);
    extras
        .map(|name| quote_spanned!(generated()=> &#name))
        .collect()
}

/// The names of those references.
pub(super) fn extra_references(metering: &MeteringPlan) -> Vec<Ident> {
    (0..metering.extras.len()).map(extra_reference).collect()
}

/// Statements that count what the arguments say.
pub(super) fn count_arguments(metering: &MeteringPlan, private: &Private) -> TokenStream {
    let span = generated();
    let counted = metering.extras.iter().enumerate().map(|(index, extra)| {
        let (reference, series) = (extra_reference(index), series(metering, private));
        let verb = verb(extra.kind);
        match &extra.amount {
            Amount::One => quote_spanned!(span=> #reference.#verb(#series, 1_u64);),
            Amount::OfArguments(amount) => {
                let at = span.located_at(amount.span());
                let amount = self::amount(amount, extra.kind);
                quote_spanned!(at=> #reference.#verb(#series, #amount);)
            }
            Amount::OfResult(_) => TokenStream::new(),
        }
    });
    quote_spanned!(span=> #(#counted)*)
}

/// Statements that count what `__out`, a reference, says.
pub(super) fn count_value(metering: &MeteringPlan, private: &Private) -> TokenStream {
    let span = generated();
    if !metering.looks_at_value() {
        return TokenStream::new();
    }
    let (out, value) = (hidden("__out"), hidden("__value"));
    let counted = metering.extras.iter().enumerate().map(|(index, extra)| {
        let (reference, series) = (extra_reference(index), series(metering, private));
        let verb = verb(extra.kind);
        match &extra.amount {
            Amount::OfResult(closure) => {
                let private = private.at(closure.span());
                let at = private.span();
                let amount = quote_spanned!(at=> #private::probe::apply(#value, #closure));
                quote_spanned!(at=> #reference.#verb(#series, #amount);)
            }
            Amount::One | Amount::OfArguments(_) => TokenStream::new(),
        }
    });
    quote_spanned! {span=>
        if let #private::core::option::Option::Some(#value) =
            (&#private::probe::Probe(#out)).value()
        {
            #(#counted)*
        }
    }
}

/// The series of a call.
fn series(metering: &MeteringPlan, private: &Private) -> TokenStream {
    match &metering.labels {
        Some(_) => hidden("__labels").to_token_stream(),
        None => only(private),
    }
}

/// The series of what has no labels.
fn only(private: &Private) -> TokenStream {
    quote_spanned!(generated()=> #private::Series::ONLY)
}

/// How many values the labels have, learnt from their types alone: the closure is never called.
fn shape(labels: &LabelsPlan, private: &Private) -> TokenStream {
    let span = generated();
    let types: Option<Vec<_>> = labels
        .labels
        .iter()
        .map(|label| label.ty.as_ref())
        .collect();
    if let Some(types) = types {
        let place = types.first().map_or(span, |ty| ty.span());
        let private = private.at(place);
        return quote_spanned!(private.span()=> #private::LabelShape::new::<(#(#types,)*)>());
    }
    let kinds = labels.labels.iter().map(|label| match &label.ty {
        Some(ty) => quote_spanned!(span=> #private::kind_of(&#private::probe::typed::<#ty>())),
        None => {
            let value = reference(&label.value);
            quote_spanned!(span=> #private::kind_of(#value))
        }
    });
    let patterns = labels.made_of.iter().map(|argument| &argument.pattern);
    let types = labels.made_of.iter().map(|argument| &argument.ty);
    let names = labels.made_of.iter().flat_map(|argument| &argument.names);
    let mentions = (names.clone().count() > labels.made_of.len())
        .then(|| quote_spanned!(span=> let _ = (#(&#names,)*);));
    let untyped = labels.labels.iter().find(|label| label.ty.is_none());
    let private = private.at(untyped.map_or(span, |label| label.value.span()));
    quote_spanned! {private.span()=>
        #private::LabelShape::of(&|(#(#patterns,)*): (#(#types,)*)| {
            #mentions
            (#(#kinds,)*)
        })
    }
}

fn extra(
    extra: &Extra,
    site: &Ident,
    labelled: Option<&TokenStream>,
    private: &Private,
) -> TokenStream {
    let name = &extra.name;
    let at = generated().located_at(name.span());
    let made = hidden(match extra.kind {
        ExtraKind::Counter => "counter",
        ExtraKind::UpDown => "up_down",
        ExtraKind::Histogram => "histogram",
    });
    let words = words(
        extra.unit.as_ref(),
        extra.description.as_ref(),
        extra.buckets.as_ref(),
    );
    quote_spanned!(at=> #private::Extra::#made(&#site, #name) #labelled #words)
}

/// The calls that say what an instrument is.
fn words(
    unit: Option<&syn::LitStr>,
    description: Option<&Expr>,
    buckets: Option<&Buckets>,
) -> TokenStream {
    let span = generated();
    let unit = unit.map(|unit| quote_spanned!(span=> .unit(#unit)));
    let description = description.map(|text| {
        let at = span.located_at(text.span());
        quote_spanned!(at=> .description(#text))
    });
    let buckets = match buckets {
        Some(Buckets::List(boundaries)) => quote_spanned!(span=> .buckets(&[#(#boundaries),*])),
        Some(Buckets::Constant(path)) => {
            let at = span.located_at(path.span());
            quote_spanned!(at=> .buckets(#path))
        }
        Some(Buckets::Exponential) | None => TokenStream::new(),
    };
    quote_spanned!(span=> #unit #description #buckets)
}

fn errors(errors: &KnownErrors, private: &Private) -> TokenStream {
    let span = generated();
    let ty = match errors {
        KnownErrors::Ignored => return TokenStream::new(),
        KnownErrors::Open => {
            return quote_spanned!(span=> .errors(#private::Codes::Open, #private::ANY_ERROR));
        }
        KnownErrors::Of(ty) => quote_spanned!(span=> #ty),
        KnownErrors::Absence => {
            quote_spanned!(span=> #private::core::result::Result<(), #private::probe::NoneError>)
        }
    };
    // Whether the type needs one of the traits is not known; without one, it needs it.
    quote_spanned! {span=>
        .errors(
            {
                let _ = #private::meaning::CodesOf::<()>::CODES;
                #private::meaning::CodesOf::<#ty>::CODES
            },
            #private::meaning::ErrorTypeOf::<#ty>::NAME,
        )
    }
}

fn objective(objective: &Objective, private: &Private) -> TokenStream {
    let span = generated();
    let number = |number: f64| Literal::f64_suffixed(number);
    let success = objective.success.map(|share| {
        let share = number(share);
        quote_spanned!(span=> .success(#share))
    });
    let latency = (!objective.latency.is_empty()).then(|| {
        let latencies = objective.latency.iter().map(|(limit_ns, share)| {
            let (limit, share) = (Literal::u64_unsuffixed(*limit_ns), number(*share));
            quote_spanned!(span=> #private::Latency::new(#limit, #share))
        });
        quote_spanned!(span=> .latency(&[#(#latencies),*]))
    });
    quote_spanned!(span=> #private::Objective::new() #success #latency)
}

/// The amount; a number of a counter that is written as one has no sign.
fn amount(amount: &Expr, kind: ExtraKind) -> TokenStream {
    if let (ExtraKind::Counter, Expr::Lit(literal)) = (kind, amount)
        && let Lit::Int(number) = &literal.lit
        && number.suffix().is_empty()
        && let Ok(number) = number.base10_parse()
    {
        let mut unsigned = Literal::u64_suffixed(number);
        unsigned.set_span(amount.span());
        return unsigned.to_token_stream();
    }
    amount.to_token_stream()
}

fn verb(kind: ExtraKind) -> Ident {
    hidden(match kind {
        ExtraKind::Counter => "raise",
        ExtraKind::UpDown => "change",
        ExtraKind::Histogram => "record",
    })
}

fn calls_name() -> Ident {
    hidden("__CALLS")
}

fn interner_name() -> Ident {
    hidden("__OPEN")
}

fn shape_name() -> Ident {
    hidden("__LABELS")
}

fn extra_name(index: usize) -> Ident {
    Ident::new(&format!("__otelkit_EXTRA{index}"), Span::mixed_site())
}

fn extra_reference(index: usize) -> Ident {
    Ident::new(&format!("__otelkit_extra{index}"), Span::mixed_site())
}
