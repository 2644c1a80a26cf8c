//! Writes `#[traced]` before every function in a folder of sources.

use std::fs;
use std::path::Path;

use proc_macro2::{LineColumn, Span};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Signature, Visibility};

/// Annotates every file below `folder`; returns how many functions there are.
pub(crate) fn all(folder: &Path) -> Result<usize, String> {
    let mut annotated = 0;
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            annotated += all(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            annotated += file(&path)?;
        }
    }
    Ok(annotated)
}

fn file(path: &Path) -> Result<usize, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let Ok(parsed) = syn::parse_file(&text) else {
        return Ok(0); // a file that is included somewhere, or a template
    };
    let mut functions = Functions::default();
    functions.visit_file(&parsed);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    functions
        .starts
        .sort_by_key(|start| std::cmp::Reverse((start.line, start.column)));
    for start in &functions.starts {
        let line = &mut lines[start.line - 1];
        let at = line
            .char_indices()
            .nth(start.column)
            .map_or(line.len(), |(at, _)| at);
        line.insert_str(at, "#[otel_runtime::traced] ");
    }
    fs::write(path, lines.join("\n") + "\n").map_err(|error| error.to_string())?;
    Ok(functions.starts.len())
}

/// Where functions with a body begin, after their attributes.
#[derive(Default)]
struct Functions {
    starts: Vec<LineColumn>,
}

impl Functions {
    fn add(
        &mut self,
        attrs: &[Attribute],
        vis: Option<&Visibility>,
        default: Option<Span>,
        sig: &Signature,
    ) {
        let is_macro = |attr: &Attribute| {
            let name = attr
                .path()
                .segments
                .last()
                .map(|last| last.ident.to_string());
            matches!(
                name.as_deref(),
                Some("proc_macro" | "proc_macro_derive" | "proc_macro_attribute")
            )
        };
        if sig.constness.is_some() || attrs.iter().any(is_macro) {
            return;
        }
        let visibility = vis
            .filter(|vis| !matches!(vis, Visibility::Inherited))
            .map(Spanned::span);
        let start = visibility.or(default).unwrap_or_else(|| sig.span());
        self.starts.push(start.start());
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.attrs, Some(&function.vis), None, &function.sig);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let default = function.modifiers.defaultness.as_ref().map(Spanned::span);
        self.add(&function.attrs, Some(&function.vis), default, &function.sig);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if function.default.is_some() {
            self.add(&function.attrs, None, None, &function.sig);
        }
        visit::visit_trait_item_fn(self, function);
    }
}
