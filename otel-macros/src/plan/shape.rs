//! How the span goes around the body: it depends on what the function returns.

use syn::{GenericArgument, PathArguments, PathSegment, ReturnType, Type, TypeParamBound};

use super::borrowed::is_dyn_borrowed;
use super::outcome::asks_for_errors;
use crate::parse::{Args, Function};

/// How the span goes around the body.
pub(crate) enum Shape {
    /// A guard before the body, whose tokens stay in place.
    Plain,
    /// A guard around a closure that is called once, whose value is looked at.
    Observed { output: Type, fallible: bool },
    /// As `Observed`, but without a closure, which would hide the caller's location.
    Tracked { output: Type, fallible: bool },
    /// An `async fn`.
    Async(Expected),
    /// Returns a future.
    Future { expected: Expected, boxed: bool },
    /// Returns a stream.
    Stream { item: Expected, boxed: bool },
}

/// The type of the value that comes out in the end.
pub(crate) enum Expected {
    Unit,
    Never,
    Type(Box<Type>),
    Unknown,
}

impl Shape {
    pub(super) fn of(function: &Function, args: &Args) -> Self {
        let output = match &function.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ungrouped(ty)),
        };
        if function.sig.asyncness.is_some() {
            return Self::Async(Expected::of(output));
        }
        let Some(output) = output else {
            return Self::Plain;
        };
        if let Some((expected, boxed)) = asynchronous(output, "Future", "Output") {
            return Self::Future { expected, boxed };
        }
        if let Some((item, boxed)) = asynchronous(output, "Stream", "Item") {
            return Self::Stream { item, boxed };
        }
        let fallible = is_result(output);
        if matches!(output, Type::Never(_))
            || !(fallible || args.ret.is_some() || asks_for_errors(args))
        {
            return Self::Plain;
        }
        let output = inferred_impls(output);
        if function.tracks_caller() {
            Self::Tracked { output, fallible }
        } else {
            Self::Observed { output, fallible }
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
    fn output(&self) -> Option<&Type> {
        match self {
            Self::Plain => None,
            Self::Observed { output, .. } | Self::Tracked { output, .. } => Some(output),
            Self::Async(expected)
            | Self::Future { expected, .. }
            | Self::Stream { item: expected, .. } => match expected {
                Expected::Type(ty) => Some(ty),
                _ => None,
            },
        }
    }

    /// True if the name of the type says that the value can be an error.
    pub(super) fn looks_fallible(&self) -> bool {
        match self {
            Self::Plain => false,
            Self::Observed { fallible, .. } | Self::Tracked { fallible, .. } => *fallible,
            Self::Async(expected)
            | Self::Future { expected, .. }
            | Self::Stream { item: expected, .. } => {
                matches!(expected, Expected::Type(ty) if is_result(ty))
            }
        }
    }
}

impl Expected {
    fn of(ty: Option<&Type>) -> Self {
        match ty.map(ungrouped) {
            None => Self::Unit,
            Some(Type::Tuple(tuple)) if tuple.elems.is_empty() => Self::Unit,
            Some(Type::Never(_)) => Self::Never,
            Some(ty) => Self::Type(Box::new(inferred_impls(ty))),
        }
    }
}

/// What a type that is a future or stream yields, and whether it is boxed.
fn asynchronous(ty: &Type, name: &str, yielded: &str) -> Option<(Expected, bool)> {
    match ty {
        Type::ImplTrait(impl_trait) => {
            let expected = bound(impl_trait.bounds.iter(), name, yielded)?;
            Some((expected, false))
        }
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            if last.ident == "Pin" {
                let boxed = first_type(last).and_then(path_segment)?;
                if boxed.ident != "Box" {
                    return None;
                }
                let bounds = match first_type(boxed)? {
                    Type::TraitObject(object) => &object.bounds,
                    _ => return None,
                };
                return Some((bound(bounds.iter(), name, yielded)?, true));
            }
            let is_alias =
                last.ident == format!("Box{name}") || last.ident == format!("LocalBox{name}");
            is_alias.then(|| (Expected::of(first_type(last)), true))
        }
        _ => None,
    }
}

fn bound<'a>(
    mut bounds: impl Iterator<Item = &'a TypeParamBound>,
    name: &str,
    yielded: &str,
) -> Option<Expected> {
    let segment = bounds.find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().filter(|last| last.ident == name)
        }
        _ => None,
    })?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return Some(Expected::Unknown);
    };
    let value = arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(assoc) if assoc.ident == yielded => Some(&assoc.ty),
        _ => None,
    });
    Some(value.map_or(Expected::Unknown, |ty| Expected::of(Some(ty))))
}

fn path_segment(ty: &Type) -> Option<&PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn first_type(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ungrouped(ty)),
        _ => None,
    })
}

/// True for `Result`, `io::Result`, `QueryResult<T>`.
fn is_result(ty: &Type) -> bool {
    path_segment(ty).is_some_and(|last| last.ident.to_string().ends_with("Result"))
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

fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        ty => ty,
    }
}

/// The type with `_` for each `impl Trait` in it, so that it can be written inside the body.
fn inferred_impls(ty: &Type) -> Type {
    let mut ty = ty.clone();
    infer(&mut ty);
    ty
}

fn infer(ty: &mut Type) {
    match ty {
        Type::ImplTrait(_) => *ty = syn::parse_quote!(_),
        Type::Array(array) => infer(&mut array.elem),
        Type::Group(group) => infer(&mut group.elem),
        Type::Paren(paren) => infer(&mut paren.elem),
        Type::Ptr(pointer) => infer(&mut pointer.elem),
        Type::Reference(reference) => infer(&mut reference.elem),
        Type::Slice(slice) => infer(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(infer),
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    for argument in &mut arguments.args {
                        if let GenericArgument::Type(ty) = argument {
                            infer(ty);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}
