//! Rules that concern the annotation and the function together.

use syn::ReturnType;

use super::Shape;
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
pub(super) fn options(args: &Args, function: &Function, shape: &Shape, errors: &mut Errors) {
    let name = &function.sig.ident;
    let returns_nothing = match &function.sig.output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => {
            matches!(&**ty, syn::Type::Never(_))
                || matches!(&**ty, syn::Type::Tuple(tuple) if tuple.elems.is_empty())
        }
    };
    if returns_nothing {
        let given = [
            ("ret", args.ret.as_ref().map(|(span, _)| *span)),
            ("err", args.err.as_ref().map(|err| err.span)),
            ("ok_if", args.ok_if.as_ref().map(|ok_if| ok_if.span)),
            (
                "expected",
                args.expected.as_ref().map(|expected| expected.span),
            ),
            ("none", args.none),
        ];
        for (option, span) in given {
            if let Some(span) = span {
                errors.at(span, format!("`{option}` needs a value to look at, but `{name}` returns nothing; remove it"));
            }
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
