//! The architecture test: the source keeps the order of stages that `docs/architecture.md` draws.
//!
//! Four rules, each broken on purpose in `tests.rs`:
//! - a module imports only from modules that stand before its own in the order;
//! - an import names the module that defines the item, not the crate's root, or the order could not
//!   be checked;
//! - a file says one thing: at most [`MOST_LINES`] lines, its tests apart;
//! - a module is named for what it is, never for what was left over.

mod order;
mod source;

use order::Order;
use source::Source;

/// Past this length, a file is asked what second thing it does.
const MOST_LINES: usize = 400;
/// Past this length, tests stand in a file of their own.
const MOST_TEST_LINES: usize = 200;
/// Names under which anything could be filed.
const NAMELESS: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "misc"];

/// Every rule that `source` breaks, one line each: file, line, rule.
fn check(order: &Order, source: &Source) -> Vec<String> {
    let mut broken = imports(order, source);
    broken.extend(length(source));
    broken.extend(name(source));
    broken
}

fn imports(order: &Order, source: &Source) -> Vec<String> {
    let file = &source.file;
    let Some(module) = source.module() else {
        return Vec::new();
    };
    let Some(own) = order.place(&module) else {
        return vec![format!(
            "{file}:1: module `{}` has no place in the order; give it a line in docs/architecture.md",
            module.join("::"),
        )];
    };
    let broken = source.imports().into_iter().filter_map(|import| {
        let path = import.path.join("::");
        let at = format!(
            "{file}:{}: `{}` imports `crate::{path}`",
            import.line,
            order.name(own)
        );
        // Exported macros stand at the root, wherever they are written.
        let is_macro = import.path.len() == 1 && path.starts_with("__");
        match order.place(&import.path) {
            _ if is_macro => None,
            Some(theirs) if theirs <= own => None,
            Some(theirs) => Some(format!(
                "{at}, but `{}` stands after it",
                order.name(theirs)
            )),
            None => Some(format!("{at}: name the module that defines it")),
        }
    });
    broken.collect()
}

fn length(source: &Source) -> Vec<String> {
    let (code, tests) = source.lengths();
    let mut broken = Vec::new();
    if code > MOST_LINES {
        let second = "what second thing does it do?";
        broken.push(format!(
            "{}:{code}: longer than {MOST_LINES} lines: {second}",
            source.file
        ));
    }
    if tests > MOST_TEST_LINES && code > 0 {
        let own = "give them a file of their own";
        broken.push(format!(
            "{}:{code}: {tests} lines of tests: {own}",
            source.file
        ));
    }
    broken
}

fn name(source: &Source) -> Vec<String> {
    let words = source.file.trim_end_matches(".rs").split('/');
    let nameless = words.filter(|word| NAMELESS.contains(word));
    nameless
        .map(|word| {
            format!(
                "{}:1: `{word}` says nothing: name what it holds",
                source.file
            )
        })
        .collect()
}

#[cfg(test)]
mod tests;
