//! The declared fields, and the values captured for them.

use syn::{Expr, parse_quote};

use super::params::Params;
use crate::error::{Errors, unknown};
use crate::parse::{Args, Field, FieldValue, Function, Key, Style, place_root};

/// A key that the Site declares.
pub(crate) struct Declared {
    pub(crate) key: Key,
    /// The body sets it.
    pub(crate) late: bool,
}

/// A value that is captured when the span begins.
pub(crate) struct Capture {
    /// The index of its key among the declared ones.
    pub(crate) index: usize,
    pub(crate) style: Style,
    pub(crate) expr: Expr,
}

/// The fields of an annotation: captured arguments first, then what `fields(..)` lists.
pub(super) fn declare(
    args: &mut Args,
    params: &Params,
    function: &Function,
    errors: &mut Errors,
) -> (Vec<Declared>, Vec<Capture>) {
    let names: Vec<String> = params.bindings().map(ToString::to_string).collect();
    let valid: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut fields: Vec<Field> = Vec::new();
    for (style, name) in std::mem::take(&mut args.args) {
        if !names.iter().any(|known| name == known) {
            let message = if valid.is_empty() {
                format!(
                    "`{}` has no argument `{name}`; remove it",
                    function.sig.ident
                )
            } else {
                unknown("argument", &name.to_string(), &valid)
            };
            errors.at(name.span(), message);
        }
        fields.push(Field {
            key: Key {
                text: syn::ext::IdentExt::unraw(&name).to_string(),
                span: name.span(),
            },
            value: FieldValue::Given(style, Box::new(parse_quote!(#name))),
        });
    }
    let captured = fields.len();
    for field in std::mem::take(&mut args.fields) {
        if fields[..captured]
            .iter()
            .any(|earlier| earlier.key.text == field.key.text)
        {
            let message = format!(
                "`{}` is captured by `args` too; remove one of them",
                field.key.text
            );
            errors.at(field.key.span, message);
        }
        fields.push(field);
    }
    let in_scope =
        |expr: &Expr| place_root(expr).is_some_and(|root| names.iter().any(|known| root == known));
    split(fields, in_scope)
}

/// The fields of a macro call: every bare key is a value in scope.
pub(crate) fn manual_captures(fields: Vec<Field>) -> (Vec<Declared>, Vec<Capture>) {
    split(fields, |_| true)
}

/// Those with a value come first: their values are kept inline, by index.
fn split(fields: Vec<Field>, in_scope: impl Fn(&Expr) -> bool) -> (Vec<Declared>, Vec<Capture>) {
    let mut declared = Vec::new();
    let mut captures = Vec::new();
    let mut late = Vec::new();
    for Field { key, value } in fields {
        let (style, expr) = match value {
            FieldValue::Given(style, expr) => (style, expr),
            FieldValue::Bare(expr) if in_scope(&expr) => (Style::Typed, expr),
            FieldValue::Bare(_) | FieldValue::Late => {
                late.push(Declared { key, late: true });
                continue;
            }
        };
        captures.push(Capture {
            index: declared.len(),
            style,
            expr: *expr,
        });
        declared.push(Declared { key, late: false });
    }
    declared.append(&mut late);
    (declared, captures)
}
