//! What the spelling of a return type says: when the value is there, and whether it can be an error.

use syn::{
    GenericArgument, PathArguments, PathSegment, ReturnType, Signature, Type, TypeParamBound,
};

/// What a function returns in the end, and when.
pub(super) struct Returned {
    pub(super) value: Expected,
    pub(super) when: When,
}

/// When the value is there.
pub(super) enum When {
    /// When the function returns.
    Returned,
    /// When the `async fn` is done.
    Awaited,
    /// When the returned future is done; the return type if it is a box.
    Future { boxed: Option<Box<Type>> },
    /// Again and again, as items of the returned stream.
    Stream { boxed: Option<Box<Type>> },
}

/// The type of the value that comes out in the end.
pub(crate) enum Expected {
    Unit,
    Never,
    Type(Box<Type>),
    /// That of a future or stream whose type is an alias; it seems to be the first argument.
    Aliased {
        alias: Box<Type>,
        seems: Option<Box<Type>>,
    },
    Unknown,
}

/// What the name of a type says about failing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// There is no value.
    Nothing,
    /// `Result`, `io::Result`, `QueryResult<T>`.
    Result,
    /// `Option`.
    Option,
    /// Certainly another type.
    Other,
    /// A name that can mean anything.
    Unknown,
}

impl Returned {
    pub(super) fn of(sig: &Signature) -> Self {
        let output = match &sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ungrouped(ty)),
        };
        let now = |when| Self {
            value: Expected::of(output),
            when,
        };
        if sig.asyncness.is_some() {
            return now(When::Awaited);
        }
        let Some(output) = output else {
            return now(When::Returned);
        };
        let boxed = |boxed: bool| boxed.then(|| Box::new(inferred_impls(output)));
        if let Some((value, is_boxed)) = asynchronous(output, "Future", "Output") {
            let boxed = boxed(is_boxed);
            let when = When::Future { boxed };
            Self { value, when }
        } else if let Some((value, is_boxed)) = asynchronous(output, "Stream", "Item") {
            let boxed = boxed(is_boxed);
            let when = When::Stream { boxed };
            Self { value, when }
        } else {
            now(When::Returned)
        }
    }

    /// True if time passes between polls.
    pub(super) fn is_polled(&self) -> bool {
        !matches!(self.when, When::Returned)
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

    /// The type as it is spelt, or seems to be.
    pub(super) fn spelt(&self) -> Option<&Type> {
        match self {
            Self::Type(ty) => Some(ty),
            Self::Aliased { seems, .. } => seems.as_deref(),
            Self::Unit | Self::Never | Self::Unknown => None,
        }
    }

    pub(super) fn spelling(&self) -> Spelling {
        let path = match self {
            Self::Unit | Self::Never => return Spelling::Nothing,
            Self::Unknown => return Spelling::Unknown,
            Self::Aliased { seems, .. } => {
                let is_result = seems.as_deref().is_some_and(is_result);
                return if is_result {
                    Spelling::Result
                } else {
                    Spelling::Unknown
                };
            }
            Self::Type(ty) => match ungrouped(ty) {
                Type::Path(path) => path,
                Type::Macro(_) | Type::Verbatim(_) => return Spelling::Unknown,
                _ => return Spelling::Other,
            },
        };
        let Some(last) = path.path.segments.last() else {
            return Spelling::Unknown;
        };
        let name = last.ident.to_string();
        match name.as_str() {
            name if name.ends_with("Result") => Spelling::Result,
            "Option" => Spelling::Option,
            name if path.path.segments.len() == 1 && KNOWN.contains(&name) => Spelling::Other,
            _ => Spelling::Unknown,
        }
    }
}

/// True for the types of texts, numbers and what holds them.
pub(super) fn is_plain_value(name: &syn::Ident) -> bool {
    name == "Option" || KNOWN.iter().any(|known| name == known)
}

/// Types of the language and the prelude that are no `Result`, and that nobody renames.
const KNOWN: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "i128", "isize", "f32", "f64", "String", "Vec", "Box",
];

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
            is_alias.then(|| {
                let seems = first_type(last).map(|ty| Box::new(inferred_impls(ty)));
                let alias = Box::new(inferred_impls(ty));
                (Expected::Aliased { alias, seems }, true)
            })
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

pub(super) fn path_segment(ty: &Type) -> Option<&PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// True for `Result`, `io::Result`, `QueryResult<T>`.
fn is_result(ty: &Type) -> bool {
    path_segment(ty).is_some_and(|last| last.ident.to_string().ends_with("Result"))
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

pub(super) fn ungrouped(ty: &Type) -> &Type {
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
        Type::Path(path) => infer_arguments(&mut path.path),
        Type::TraitObject(object) => {
            for bound in &mut object.bounds {
                if let TypeParamBound::Trait(bound) = bound {
                    infer_arguments(&mut bound.path);
                }
            }
        }
        _ => {}
    }
}

fn infer_arguments(path: &mut syn::Path) {
    for segment in &mut path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            for argument in &mut arguments.args {
                match argument {
                    GenericArgument::Type(ty) => infer(ty),
                    GenericArgument::AssocType(assoc) => infer(&mut assoc.ty),
                    _ => {}
                }
            }
        }
    }
}
