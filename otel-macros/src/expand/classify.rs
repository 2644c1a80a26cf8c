//! `impl Classify`, and the entry on the program's list of error types.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::parse_quote_spanned;
use syn::spanned::Spanned;

use super::site::Private;
use super::{generated, hidden};
use crate::parse::RetryWord;
use crate::plan::{Arm, ClassifyPlan, Code, Meaning, Tweaks};

/// The implementation.
pub(crate) fn classify(plan: &ClassifyPlan) -> TokenStream {
    let span = generated();
    let private = Private::new(plan.runtime.as_ref());
    let ident = &plan.ident;
    let mut generics = plan.generics.clone();
    for arm in &plan.arms {
        if let Meaning::Source {
            ty,
            is_generic: true,
            ..
        } = &arm.meaning
        {
            let bound = parse_quote_spanned!(span=> #ty: #private::Classify);
            generics.make_where_clause().predicates.push(bound);
        }
    }
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let codes = codes(plan, &private);
    let arms = plan.arms.iter().map(|arm| self::arm(arm, &private));
    let value = if plan.arms.is_empty() {
        quote_spanned!(span=> *self)
    } else {
        quote_spanned!(span=> self)
    };
    // Behind `dyn Error` only a type without parameters can be recognised.
    let classifier = plan.generics.params.is_empty().then(|| {
        let (classifier, place) = (hidden("__CLASSIFIER"), hidden("__place"));
        quote_spanned! {span=>
            static #classifier: #private::Classifier =
                #private::Classifier::new(#private::meaning::LookOf::<#ident>::LOOK);
            #private::register!(#classifier, #place, register_classifier);
        }
    });
    quote_spanned! {span=>
        const _: () = {
            #[allow(unused_imports, reason = "which of the traits is needed depends on the types")]
            use #private::meaning::traits::*;

            #[automatically_derived]
            #[allow(deprecated, reason = "said where the type is used")]
            impl #parameters #private::Classify for #ident #arguments #bounds {
                const CODES: #private::Codes = #codes;

                fn classify(&self) -> #private::Classification<'_> {
                    match #value { #(#arms)* }
                }
            }

            #classifier
        };
    }
}

/// The tree of the codes: those of the words in one list, those of wrapped errors after it.
fn codes(plan: &ClassifyPlan, private: &Private) -> TokenStream {
    let span = generated();
    let own = plan.arms.iter().filter_map(|arm| match &arm.meaning {
        Meaning::Own { class, code, .. } => {
            let (class, code) = (hidden(class), self::code(code));
            Some(quote_spanned!(span=> #private::Code { code: #code, class: #private::Class::#class }))
        }
        Meaning::Source { .. } | Meaning::With(_) => None,
    });
    let own = quote_spanned!(span=> #private::Codes::List(&[#(#own),*]));
    let others: Vec<TokenStream> = plan
        .arms
        .iter()
        .filter_map(|arm| match &arm.meaning {
            Meaning::Own { .. } => None,
            Meaning::Source {
                ty,
                is_generic: true,
                ..
            } => Some(quote_spanned!(span=> <#ty as #private::Classify>::CODES)),
            Meaning::Source {
                is_asked: false, ..
            } => Some(quote_spanned!(span=> #private::Codes::Open)),
            Meaning::Source { ty, .. } => Some(quote_spanned! {span=>
                #private::meaning::CodesOf::<#private::core::result::Result<(), #ty>>::CODES
            }),
            Meaning::With(_) => Some(quote_spanned!(span=> #private::Codes::Open)),
        })
        .collect();
    if others.is_empty() {
        own
    } else {
        quote_spanned!(span=> #private::Codes::Join(&[#own, #(#others),*]))
    }
}

fn arm(arm: &Arm, private: &Private) -> TokenStream {
    let span = generated();
    let path = match &arm.variant {
        Some(variant) => quote_spanned!(span=> Self::#variant),
        None => quote_spanned!(span=> Self),
    };
    match &arm.meaning {
        Meaning::Own {
            class,
            code,
            tweaks,
        } => {
            let (class, code) = (hidden(class), self::code(code));
            let tweaks = self::tweaks(tweaks, private);
            quote_spanned! {span=>
                #path { .. } =>
                    #private::Classification::new(#private::Class::#class, #code) #tweaks,
            }
        }
        Meaning::Source {
            member,
            is_asked,
            tweaks,
            ..
        } => {
            let source = hidden("__source");
            let meaning = if *is_asked {
                quote_spanned!(span=> (&&&&#private::meaning::ErrorProbe(#source)).meaning())
            } else {
                quote_spanned!(span=> #private::core::option::Option::None)
            };
            let tweaks = self::tweaks(tweaks, private);
            quote_spanned! {span=>
                #path { #member: #source, .. } =>
                    #private::meaning::or_unknown(#meaning, #source) #tweaks,
            }
        }
        Meaning::With(function) => {
            // A function that returns something else is the user's mistake.
            let at = span.located_at(function.span());
            let call = quote_spanned!(at=> #function(self));
            quote_spanned!(span=> #path { .. } => #call,)
        }
    }
}

fn code(code: &Code) -> TokenStream {
    match code {
        Code::Name(ident) => {
            let name = ident.to_string();
            let name = name.strip_prefix("r#").unwrap_or(&name);
            let mut literal = Literal::string(name);
            literal.set_span(generated());
            literal.to_token_stream()
        }
        Code::Given(expr) => expr.to_token_stream(),
    }
}

/// The calls that change what is usual for the class.
fn tweaks(tweaks: &Tweaks, private: &Private) -> TokenStream {
    let span = generated();
    let retry = tweaks.retry.map(|retry| {
        let retry = match retry {
            RetryWord::No => quote_spanned!(span=> No),
            RetryWord::Yes => quote_spanned!(span=> Yes),
            RetryWord::After(ns) => {
                let ns = Literal::u64_unsuffixed(ns);
                quote_spanned!(span=> After(#private::core::time::Duration::from_nanos(#ns)))
            }
        };
        quote_spanned!(span=> .with_retry(#private::Retry::#retry))
    });
    let fault = tweaks.fault.map(|fault| {
        let fault = hidden(fault);
        quote_spanned!(span=> .with_fault(#private::Fault::#fault))
    });
    let severity = tweaks.severity.map(|severity| {
        let severity = hidden(severity);
        quote_spanned!(span=> .with_severity(#private::Severity::#severity))
    });
    let expected = tweaks.expected.then(|| quote_spanned!(span=> .expected()));
    quote_spanned!(span=> #retry #fault #severity #expected)
}
