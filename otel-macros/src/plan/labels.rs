//! The labels of the metrics of a call, and where a `static` learns their types.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, FnArg, Ident, Pat, Type};

use super::{Params, nameable};
use crate::error::Errors;
use crate::parse::{Function, Key, Label, LabelValue, Open};
use crate::scan;

/// The labels of the metrics of a call.
pub(crate) struct LabelsPlan {
    /// Of the labels whose types say which values they have.
    pub(crate) keys: Vec<Key>,
    pub(crate) labels: Vec<LabelValuePlan>,
    /// Of the others.
    pub(crate) open_keys: Vec<Key>,
    pub(crate) open: Vec<Open>,
    /// The arguments that the values of labels without a type are made of.
    pub(crate) made_of: Vec<Argument>,
}

/// The value of a label.
pub(crate) struct LabelValuePlan {
    pub(crate) value: Expr,
    /// Its type, if it is written there.
    pub(crate) ty: Option<Type>,
}

/// An argument as a closure outside of the function has it.
pub(crate) struct Argument {
    pub(crate) pattern: Pat,
    pub(crate) ty: Type,
    /// The names it binds.
    pub(crate) names: Vec<Ident>,
}

/// The most elements of a tuple that is a label.
const MOST_LABELS: usize = 6;

impl LabelsPlan {
    pub(super) fn new(
        labels: Vec<Label>,
        function: &Function,
        params: &Params,
        errors: &mut Errors,
    ) -> Option<Self> {
        if let Some(label) = labels.get(MOST_LABELS) {
            errors.at(
                label.key.span,
                format!("a call has {MOST_LABELS} labels at most; join some of them in one enum"),
            );
        }
        let mut plan = Self {
            keys: Vec::new(),
            labels: Vec::new(),
            open_keys: Vec::new(),
            open: Vec::new(),
            made_of: Vec::new(),
        };
        let mut used = vec![false; function.sig.inputs.len()];
        for Label { key, ty, value } in labels {
            let value = match value {
                LabelValue::Known(value) => value,
                LabelValue::Open(open) => {
                    plan.open_keys.push(key);
                    plan.open.push(open);
                    continue;
                }
            };
            let ty = match ty {
                None => {
                    note_arguments(&value, &key, function, params, &mut used, errors);
                    None
                }
                Some(ty) => match nameable::outside(&ty, &function.sig.generics) {
                    Some(ty) => Some(ty),
                    None => {
                        errors.on(&ty, "the type of a label is one for the whole program; it cannot hang on a parameter of the function, nor be left out");
                        None
                    }
                },
            };
            plan.keys.push(key);
            plan.labels.push(LabelValuePlan { value, ty });
        }
        for (index, arg) in function.sig.inputs.iter().enumerate() {
            if used[index]
                && let FnArg::Typed(typed) = arg
                && let Some(ty) = nameable::outside(&typed.ty, &function.sig.generics)
            {
                plan.made_of.push(Argument {
                    pattern: unmarked(&typed.pat),
                    ty,
                    names: params.bindings_of(index).to_vec(),
                });
            }
        }
        (!plan.keys.is_empty() || !plan.open.is_empty()).then_some(plan)
    }

    /// The values, in the order in which they are evaluated.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Expr> {
        let known = self.labels.iter().map(|label| &label.value);
        known.chain(self.open.iter().map(|open| &open.value))
    }
}

/// Marks the arguments that the value of a label is made of; all must have a type that has a name
/// outside of the function.
fn note_arguments(
    value: &Expr,
    key: &Key,
    function: &Function,
    params: &Params,
    used: &mut [bool],
    errors: &mut Errors,
) {
    let generics = &function.sig.generics;
    let fix = format!("write the label's type: `{}: Type = ..`", key.text);
    if nameable::tokens_outside(value.to_token_stream(), generics).is_none() {
        errors.on(
            value,
            format!("`Self` and type parameters are not known outside of the function, where the metric is declared; {fix}"),
        );
        return;
    }
    for (index, arg) in function.sig.inputs.iter().enumerate() {
        let names = params.bindings_of(index);
        if !(names.iter()).any(|name| scan::uses(value.to_token_stream(), name)) {
            continue;
        }
        let complaint = match arg {
            FnArg::Receiver(_) => Some("the type of `self`".to_owned()),
            FnArg::Typed(typed) => nameable::outside(&typed.ty, generics)
                .is_none()
                .then(|| format!("the type of `{}`", written(&typed.pat))),
        };
        match complaint {
            Some(what) => errors.at(
                value.span(),
                format!("{what} is not known outside of the function, where the metric is declared; {fix}"),
            ),
            None => used[index] = true,
        }
    }
}

fn written(pattern: &Pat) -> String {
    match pattern {
        Pat::Ident(name) => name.ident.to_string(),
        other => other.to_token_stream().to_string(),
    }
}

/// The pattern without a `mut`, of which the compiler would say that it is not needed.
fn unmarked(pattern: &Pat) -> Pat {
    let mut pattern = pattern.clone();
    if let Pat::Ident(name) = &mut pattern {
        name.mutability = None;
    }
    pattern
}
