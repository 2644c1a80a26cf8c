//! Names of tables and procedures: `a`, `"a b"`, `schema.a`, `db..a`.

use crate::lex::{Kind, Tokens};

/// A name as it is written, but without blanks between its parts, and where it ends; `None` if
/// there is none at `at`.
pub(crate) fn name_at(tokens: &Tokens<'_>, at: usize) -> Option<(String, usize)> {
    let is_part = |at| match tokens.kind(at) {
        Some(Kind::Word | Kind::Name) => true,
        Some(Kind::Text) => tokens.dialect.quotes_tables_like_values(),
        _ => false,
    };
    if !is_part(at) {
        return None;
    }
    let mut name = tokens.text_of(at).to_owned();
    let mut end = at + 1;
    // A comma after a dot is no part of a name, and a text is none of a longer one.
    while tokens.is_sign(end, ".") {
        let dots = if tokens.is_sign(end + 1, ".") { 2 } else { 1 };
        if !matches!(tokens.kind(end + dots), Some(Kind::Word | Kind::Name)) {
            break;
        }
        name.push_str(&".."[..dots]);
        name.push_str(tokens.text_of(end + dots));
        end += dots + 1;
    }
    Some((name, end))
}
