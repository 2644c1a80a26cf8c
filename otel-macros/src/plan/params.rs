//! The arguments, and how they get into a body that has become a closure or
//! future: whole, and dropped in the same order as before.
//!
//! A closure drops what it captured after the variables of its own body, in
//! the order in which it captured. So the arguments are mentioned in reverse
//! order at the beginning, and those that must be bound again inside make all
//! that come after them be bound again too.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{Attribute, Expr, FnArg, Pat};

use crate::parse::Function;
use crate::scan;

/// The arguments of a function.
pub(crate) struct Params {
    /// One for each argument, the receiver included.
    list: Vec<Param>,
    /// The first that is bound again inside; from here on all are.
    rebound_from: usize,
}

struct Param {
    attrs: Vec<Attribute>,
    pattern: Pattern,
    /// The names it binds.
    bindings: Vec<Ident>,
}

enum Pattern {
    /// `self`.
    Receiver,
    /// `name` or `mut name`.
    Name,
    /// `_`, which keeps its value until the end.
    Wild,
    /// A pattern that binds everything there is.
    Whole,
    /// A pattern that leaves a part of its value unnamed.
    Partial,
}

/// An argument that is bound again inside: `let pattern = name;`.
pub(crate) struct Rebound<'a> {
    pub(crate) attrs: &'a [Attribute],
    pub(crate) pattern: Box<dyn ToTokens + 'a>,
    pub(crate) name: Ident,
    /// Leaves a part unnamed, which must be dropped between its neighbours: the whole is bound
    /// before its parts.
    pub(crate) is_partial: bool,
}

impl Params {
    pub(super) fn of(function: &Function) -> Self {
        let list: Vec<Param> = function.sig.inputs.iter().map(Param::of).collect();
        Self {
            rebound_from: list.len(),
            list,
        }
    }

    /// Every name the arguments bind, `self` included.
    pub(crate) fn bindings(&self) -> impl Iterator<Item = &Ident> {
        self.list.iter().flat_map(|param| &param.bindings)
    }

    /// The names that one argument binds.
    pub(super) fn bindings_of(&self, index: usize) -> &[Ident] {
        &self.list[index].bindings
    }

    /// Decides which are bound again: patterns that leave something unnamed, and arguments that
    /// are never used, because the compiler warns of those only where they are bound.
    ///
    /// `outside` are the expressions of the annotation, which stand before the new body.
    pub(super) fn arrange(&mut self, function: &Function, outside: &[&Expr]) {
        let is_named_outside = |name: &Ident| {
            let mut outside = outside.iter();
            outside.any(|expr| scan::mentions(expr.to_token_stream(), name))
        };
        let is_captured = |param: &Param| param.bindings.iter().any(is_named_outside);
        let is_unused = |name: &Ident| {
            !name.to_string().starts_with('_') && !scan::mentions(function.body.stream(), name)
        };
        let must_rebind = |param: &Param| {
            !is_captured(param)
                && match param.pattern {
                    Pattern::Receiver | Pattern::Wild => false,
                    Pattern::Partial => true,
                    Pattern::Name | Pattern::Whole => param.bindings.iter().any(is_unused),
                }
        };
        if let Some(first) = self.list.iter().position(must_rebind) {
            self.rebound_from = first;
            for param in &self.list[first..] {
                if !matches!(param.pattern, Pattern::Name | Pattern::Wild) && is_captured(param) {
                    self.rebound_from = self.list.len(); // its names are needed outside
                }
            }
        }
    }

    /// The argument as it is written in the signature: a pattern that is bound again inside
    /// becomes a plain name.
    pub(crate) fn signature_arg(&self, index: usize, arg: &FnArg) -> FnArg {
        let FnArg::Typed(typed) = arg else {
            return arg.clone();
        };
        let param = &self.list[index];
        let name = match param.pattern {
            Pattern::Receiver | Pattern::Whole | Pattern::Partial if !self.is_rebound(index) => {
                return arg.clone();
            }
            Pattern::Name if !self.is_rebound(index) => return arg.clone(),
            _ => self.outer_name(index),
        };
        let mut typed = typed.clone();
        *typed.pat = Pat::Ident(syn::PatIdent {
            attrs: Vec::new(),
            by_ref: None,
            mutability: None,
            ident: name,
            subpat: None,
        });
        FnArg::Typed(typed)
    }

    /// The names to capture, last argument first.
    pub(crate) fn captured(&self) -> impl Iterator<Item = (&[Attribute], Ident)> {
        self.list
            .iter()
            .enumerate()
            .rev()
            .flat_map(|(index, param)| {
                let names = match param.pattern {
                    Pattern::Whole | Pattern::Partial if !self.is_rebound(index) => {
                        param.bindings.iter().rev().cloned().collect()
                    }
                    _ => vec![self.outer_name(index)],
                };
                names.into_iter().map(|name| (&*param.attrs, name))
            })
    }

    /// The arguments that are bound again inside, first argument first.
    pub(crate) fn rebound<'a>(
        &'a self,
        function: &'a Function,
    ) -> impl Iterator<Item = Rebound<'a>> {
        let inputs = function
            .sig
            .inputs
            .iter()
            .enumerate()
            .skip(self.rebound_from);
        inputs.filter_map(|(index, arg)| {
            let FnArg::Typed(typed) = arg else {
                return None;
            };
            let pattern: Box<dyn ToTokens> = match self.list[index].pattern {
                Pattern::Wild => Box::new(self.outer_name(index)),
                _ => Box::new(&typed.pat),
            };
            Some(Rebound {
                attrs: &self.list[index].attrs,
                pattern,
                name: self.outer_name(index),
                is_partial: matches!(self.list[index].pattern, Pattern::Partial),
            })
        })
    }

    fn is_rebound(&self, index: usize) -> bool {
        index >= self.rebound_from
    }

    /// What the argument is called in the signature.
    fn outer_name(&self, index: usize) -> Ident {
        let param = &self.list[index];
        match (&param.pattern, &param.bindings[..]) {
            (Pattern::Receiver | Pattern::Name, [name]) => name.clone(),
            _ => Ident::new(&format!("__otelkit_arg{index}"), Span::mixed_site()),
        }
    }
}

impl Param {
    fn of(arg: &FnArg) -> Self {
        let typed = match arg {
            FnArg::Receiver(receiver) => {
                return Self {
                    attrs: conditions(&receiver.attrs),
                    pattern: Pattern::Receiver,
                    bindings: vec![Ident::new("self", receiver.self_token.span)],
                };
            }
            FnArg::Typed(typed) => typed,
        };
        let mut bindings = Vec::new();
        let is_whole = collect_bindings(&typed.pat, &mut bindings);
        let pattern = match &*typed.pat {
            Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() => Pattern::Name,
            Pat::Wild(_) => Pattern::Wild,
            _ if is_whole => Pattern::Whole,
            _ => Pattern::Partial,
        };
        Self {
            attrs: conditions(&typed.attrs),
            pattern,
            bindings,
        }
    }
}

/// The attributes that decide whether the argument exists.
fn conditions(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .cloned()
        .collect()
}

/// Collects the names a pattern binds; false if it leaves something of the value unnamed.
fn collect_bindings(pat: &Pat, names: &mut Vec<Ident>) -> bool {
    let mut all = |pats: &mut dyn Iterator<Item = &Pat>| {
        let mut whole = true;
        pats.for_each(|pat| whole &= collect_bindings(pat, names));
        whole
    };
    match pat {
        Pat::Ident(name) => {
            names.push(name.ident.clone());
            let whole = name.by_ref.is_none();
            match &name.subpat {
                Some((_, sub)) => collect_bindings(sub, names) && whole,
                None => whole,
            }
        }
        Pat::Paren(paren) => collect_bindings(&paren.pat, names),
        Pat::Reference(reference) => {
            collect_bindings(&reference.pat, names);
            true // what is behind a reference is not dropped here
        }
        Pat::Slice(slice) => all(&mut slice.elems.iter()),
        Pat::Struct(pattern) => {
            all(&mut pattern.fields.iter().map(|field| &*field.pat)) && pattern.rest.is_none()
        }
        Pat::Tuple(tuple) => all(&mut tuple.elems.iter()),
        Pat::TupleStruct(tuple) => all(&mut tuple.elems.iter()),
        Pat::Type(typed) => collect_bindings(&typed.pat, names),
        _ => false,
    }
}
