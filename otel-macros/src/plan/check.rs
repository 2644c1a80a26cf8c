//! Rules that concern the annotation and the function together.

use proc_macro2::Span;

use super::Shape;
use super::returned::{Returned, Spelling};
use crate::error::Errors;
use crate::parse::{Args, Function};

/// A `const fn` can run in the compiler, where nothing can be observed.
pub(super) fn constness(function: &Function, errors: &mut Errors) {
    if let Some(keyword) = &function.sig.constness {
        let message = format!(
            "a `const fn` cannot be observed, because it may run in the compiler; remove `const` \
             or the annotation of `{}`",
            function.sig.ident
        );
        errors.at(keyword.span, message);
    }
}

/// Options must make sense for what the function returns.
pub(super) fn options(
    args: &Args,
    counts_value: Option<Span>,
    function: &Function,
    shape: &Shape,
    errors: &mut Errors,
) {
    let name = &function.sig.ident;
    let spelling = Returned::of(&function.sig).value.spelling();
    let looks_at_errors = [
        ("err", args.err.as_ref().map(|err| err.span)),
        ("ok_if", args.ok_if.as_ref().map(|ok_if| ok_if.span)),
        (
            "expected",
            args.expected.as_ref().map(|expected| expected.span),
        ),
    ];
    let needs_error = looks_at_errors.map(|(option, span)| {
        let complaint = match spelling {
            Spelling::Other => Some(format!(
                "`{option}` needs a `Result` to look at, but `{name}` does not return one; remove it"
            )),
            Spelling::Option if args.none.is_none() => Some(format!(
                "`{option}` needs a `Result` to look at, but `{name}` returns an `Option`; to count \
                 `None` as an error, write `none = error`"
            )),
            _ => None,
        };
        (option, span, complaint)
    });
    let no_option = matches!(spelling, Spelling::Other | Spelling::Result).then(|| {
        format!("`none = error` needs an `Option`, but `{name}` does not return one; remove it")
    });
    let needs_value = [
        ("none", args.none, no_option),
        ("ret", args.ret.as_ref().map(|(span, _)| *span), None),
        ("|..|", counts_value, None),
    ];
    for (option, span, complaint) in needs_error.into_iter().chain(needs_value) {
        let nothing = (spelling == Spelling::Nothing).then(|| {
            format!("`{option}` needs a value to look at, but `{name}` returns nothing; remove it")
        });
        if let (Some(span), Some(complaint)) = (span, nothing.or(complaint)) {
            errors.at(span, complaint);
        }
    }
    if let Some(busy) = args.busy
        && !shape.is_polled()
    {
        errors.at(
            busy,
            format!(
                "`busy` measures an `async fn`, future or stream, but `{name}` is none; remove it"
            ),
        );
    }
    if let Some(variadic) = &function.sig.variadic {
        errors.on(
            variadic,
            "a function with `...` cannot be observed; remove the annotation",
        );
    }
}
