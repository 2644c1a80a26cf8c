//! The name of a Site's spans, from the path of a marker function.

/// `Type::method` or `function`, from the path of a function inside it.
///
/// Such a path reads `module::Type::method::marker`, with `<Type as Trait>` or
/// `<impl module::Type>` in place of the type where the compiler says so, type
/// parameters where there are any, and `{{closure}}` where the function is
/// inside of one. The form is the compiler's own and not promised; whatever it
/// is, something readable comes out.
pub(super) fn from_marker_path(path: &str, module: &str) -> String {
    let mut segments = split_path(path);
    segments.retain(|segment| !segment.starts_with('{'));
    segments.pop();
    let Some(function) = segments.pop() else {
        return path.to_owned();
    };
    let modules = split_path(module);
    let inside = segments.strip_prefix(&*modules).unwrap_or(&segments);
    match inside.last().filter(|owner| is_type(owner)) {
        Some(owner) => format!("{}::{function}", type_name(owner)),
        None => function.to_owned(),
    }
}

/// A function inside of another one goes by its own name: what stands before it is no type then.
fn is_type(owner: &str) -> bool {
    owner.starts_with(|first: char| first == '<' || first.is_uppercase())
}

/// The last segment of a type's path, without what stands around it.
fn type_name(owner: &str) -> &str {
    let inner = owner
        .strip_prefix('<')
        .and_then(|inner| inner.strip_suffix('>'));
    let Some(inner) = inner else {
        return before_parameters(owner);
    };
    let inner = inner.strip_prefix("impl ").unwrap_or(inner);
    // `impl Trait for Type`, `Type as Trait`, or just `Type`.
    let inner = inner
        .rsplit_once(" for ")
        .map_or(inner, |(_, implementor)| implementor);
    let implementor = outside_brackets(inner, " as ").map_or(inner, |at| &inner[..at]);
    let last = split_path(implementor)
        .into_iter()
        .rfind(|segment| !segment.starts_with('<'));
    before_parameters(last.unwrap_or(implementor).trim_start_matches(['&', ' ']))
}

fn before_parameters(segment: &str) -> &str {
    segment.split('<').next().unwrap_or(segment)
}

/// The segments between the `::` that stand outside of brackets.
fn split_path(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut rest = path;
    while let Some(at) = outside_brackets(rest, "::") {
        segments.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    segments.push(rest);
    segments
}

/// Where `separator` first stands outside of brackets.
fn outside_brackets(text: &str, separator: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut previous = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if previous == '-' => {}
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 && text[at..].starts_with(separator) => return Some(at),
            _ => {}
        }
        previous = character;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_path_gives_type_and_method_or_function() {
        for (path, name) in [
            ("app::orders::place::marker", "place"),
            ("app::orders::place::MARKER::{{closure}}", "place"),
            (
                "<app::orders::Cart<_> as app::Price>::price::{{closure}}::MARKER::{{closure}}",
                "Cart::price",
            ),
            ("app::orders::place::{{closure}}::marker", "place"),
            ("app::orders::Cart::total::marker", "Cart::total"),
            (
                "app::orders::<impl app::model::Cart>::total::marker",
                "Cart::total",
            ),
            (
                "app::orders::<impl app::model::Cart<T>>::total::marker",
                "Cart::total",
            ),
            (
                "<app::orders::Cart as core::fmt::Display>::fmt::marker",
                "Cart::fmt",
            ),
            (
                "<app::orders::Cart<T> as app::Price<U>>::price::{{closure}}::marker",
                "Cart::price",
            ),
            (
                "<app::orders::Cart<app::A, app::B>>::total::marker",
                "Cart::total",
            ),
            (
                "app::orders::<impl app::Price for app::model::Cart>::price::marker",
                "Cart::price",
            ),
            ("app::orders::outer::inner::marker", "inner"),
            (
                "<&app::orders::Cart as app::Price>::price::marker",
                "Cart::price",
            ),
            ("<fn() -> app::A as app::Price>::price::marker", "A::price"),
            ("elsewhere::helper::marker", "helper"),
            ("odd", "odd"),
            ("", ""),
        ] {
            assert_eq!(from_marker_path(path, "app::orders"), name, "{path}");
        }
    }
}
