//! `impl Label`.

use proc_macro2::{Literal, TokenStream};
use quote::quote_spanned;

use super::generated;
use super::site::Private;
use crate::plan::LabelPlan;

/// The implementation.
pub(crate) fn label(plan: &LabelPlan) -> TokenStream {
    let span = generated();
    let private = Private::new(plan.runtime.as_ref());
    let ident = &plan.ident;
    let (parameters, arguments, bounds) = plan.generics.split_for_impl();
    let names = plan.values.iter().map(|(_, value)| {
        let mut value = Literal::string(value);
        value.set_span(span);
        value
    });
    let arms = plan.values.iter().enumerate().map(|(index, (variant, _))| {
        let index = Literal::usize_unsuffixed(index);
        quote_spanned!(span=> Self::#variant { .. } => #index,)
    });
    let (index, names) = if plan.values.is_empty() {
        // What is wrong with the type has been said.
        (quote_spanned!(span=> 0), quote_spanned!(span=> ""))
    } else {
        let index = quote_spanned!(span=> match self { #(#arms)* });
        (index, quote_spanned!(span=> #(#names),*))
    };
    let count = Literal::usize_unsuffixed(plan.values.len().max(1));
    quote_spanned! {span=>
        #[automatically_derived]
        #[allow(deprecated, reason = "said where the type is used")]
        impl #parameters #private::Label for #ident #arguments #bounds {
            const WIDTH: #private::core::primitive::usize = 1;
            const COUNT: #private::core::primitive::usize = #count;

            #[inline]
            fn index(&self) -> #private::core::primitive::usize {
                #index
            }

            fn describe(
                index: #private::core::primitive::usize,
                say: &mut dyn #private::core::ops::FnMut(#private::LabelValue),
            ) {
                say(#private::LabelValue::Str([#names][index]));
            }
        }
    }
}
