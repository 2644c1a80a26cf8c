//! How the span goes around the body: it depends on what the function returns.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type, TypeParamBound};

use super::borrowed::is_dyn_borrowed;
use super::returned::{Expected, Returned, Spelling, When, path_segment, ungrouped};
use crate::parse::{Args, Function};
use crate::scan;

/// How the span goes around the body.
pub(crate) enum Shape {
    /// A guard before the body, whose tokens stay in place.
    Plain,
    /// A guard around a closure that is called once, whose value is looked at.
    Observed { output: Box<Type>, fallible: bool },
    /// As `Observed`, but without a closure, which would hide the caller's location.
    Tracked { output: Box<Type>, fallible: bool },
    /// An `async fn`.
    Async(Expected),
    /// Returns a future; the return type if it is a box.
    Future {
        expected: Expected,
        boxed: Option<Box<Type>>,
    },
    /// Returns a stream.
    Stream {
        item: Expected,
        boxed: Option<Box<Type>>,
    },
}

impl Shape {
    /// `counts_value`: something is counted of the returned value.
    pub(super) fn of(function: &Function, args: &Args, counts_value: bool) -> Self {
        let Returned { value, when } = Returned::of(&function.sig);
        match when {
            When::Awaited => return Self::Async(value),
            When::Future { boxed } => {
                return Self::Future {
                    expected: value,
                    boxed,
                };
            }
            When::Stream { boxed } => return Self::Stream { item: value, boxed },
            When::Returned => {}
        }
        let fallible = value.spelling() == Spelling::Result;
        match value {
            Expected::Type(output)
                if fallible || counts_value || args.ret.is_some() || args.asks_for_errors() =>
            {
                if function.tracks_caller() {
                    Self::Tracked { output, fallible }
                } else {
                    Self::Observed { output, fallible }
                }
            }
            _ => Self::Plain,
        }
    }

    /// True if the body becomes a closure or future of its own, which takes the arguments along.
    pub(super) fn captures_arguments(&self) -> bool {
        matches!(self, Self::Async(_) | Self::Observed { .. })
    }

    /// True if time passes between polls.
    pub(super) fn is_polled(&self) -> bool {
        matches!(
            self,
            Self::Async(_) | Self::Future { .. } | Self::Stream { .. }
        )
    }

    /// True if the error's type is spelt without parameters.
    ///
    /// The compiler chooses an implementation without regard to lifetimes, and complains of them
    /// later. `impl<T: 'static> Error for Full<T>` would be chosen for a `Full<&str>`. So the
    /// `Error` of a type with parameters is left alone unless `err` asks for it; `Display` and
    /// `Debug` are not known to depend on lifetimes anywhere.
    pub(super) fn knows_error(&self) -> bool {
        let Some(output) = self.output() else {
            return true;
        };
        let Some(PathArguments::AngleBracketed(arguments)) =
            path_segment(output).map(|last| &last.arguments)
        else {
            return true;
        };
        let types = |argument: &GenericArgument| match argument {
            GenericArgument::Type(ty) => Some(ungrouped(ty).clone()),
            _ => None,
        };
        arguments
            .args
            .iter()
            .filter_map(types)
            .nth(1)
            .is_none_or(|error| is_certain(&error))
    }

    /// True if an error may be asked what it means.
    pub(super) fn knows_meaning(&self) -> bool {
        self.output().is_none_or(|output| !is_dyn_borrowed(output))
    }

    /// The type of the value that is looked at, as far as it is spelt.
    pub(super) fn output(&self) -> Option<&Type> {
        match self {
            Self::Plain => None,
            Self::Observed { output, .. } | Self::Tracked { output, .. } => Some(output),
            Self::Async(expected)
            | Self::Future { expected, .. }
            | Self::Stream { item: expected, .. } => expected.spelt(),
        }
    }

    /// True if the error's type may still be unknown to the compiler where it is looked at.
    ///
    /// The value is looked at wherever the body is left, before it becomes that of the function.
    pub(super) fn infers_error(&self) -> bool {
        matches!(self, Self::Tracked { output, .. } if holds_inferred(output))
    }

    /// True if the name of the type says that the value can be an error.
    pub(super) fn looks_fallible(&self) -> bool {
        match self {
            Self::Plain => false,
            Self::Observed { fallible, .. } | Self::Tracked { fallible, .. } => *fallible,
            Self::Async(expected)
            | Self::Future { expected, .. }
            | Self::Stream { item: expected, .. } => expected.spelling() == Spelling::Result,
        }
    }
}

/// True if a part of the type is left to inference.
fn holds_inferred(ty: &Type) -> bool {
    scan::contains_keyword(ty.to_token_stream(), "_")
}

/// True for a name without parameters, and for a box around a trait object.
fn is_certain(error: &Type) -> bool {
    let Type::Path(path) = error else {
        return false;
    };
    if path.qself.is_some() || path.path.segments[0].ident == "Self" {
        return false;
    }
    path.path
        .segments
        .iter()
        .all(|segment| match &segment.arguments {
            PathArguments::None => true,
            PathArguments::AngleBracketed(arguments) => arguments.args.iter().all(|argument| {
                matches!(argument, GenericArgument::Type(Type::TraitObject(object))
                if !object.bounds.iter().any(|bound| matches!(bound, TypeParamBound::Lifetime(_))))
            }),
            PathArguments::Parenthesized(_) => false,
        })
}
