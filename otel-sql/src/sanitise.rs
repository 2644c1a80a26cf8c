//! The text without values.

use crate::lex::{Kind, Token, Tokens};

/// What stands for a value.
const VALUE: &str = "?";

/// The statement with `?` for each value, without comments, on one line. Lists of values after `IN`
/// become one value, since their lengths make many texts of one.
pub(crate) fn sanitised(tokens: &Tokens<'_>) -> String {
    let mut clean = String::with_capacity(tokens.text.len().min(4096));
    let mut at = 0;
    while let Some(token) = tokens.list.get(at) {
        if token.is_spaced && !clean.is_empty() {
            clean.push(' ');
        }
        if let Some(end) = end_of_list(tokens, at) {
            clean.push_str("(?)");
            at = end;
            continue;
        }
        clean.push_str(shown(tokens, at, *token));
        at += 1;
    }
    clean
}

fn shown<'t>(tokens: &Tokens<'t>, at: usize, token: Token) -> &'t str {
    let text = tokens.text_of(at);
    match token.kind {
        Kind::Text | Kind::Number => VALUE,
        Kind::Word if is_truth(text) && !is_part_of_name(tokens, at) => VALUE,
        // Control characters are no SQL, and nothing that a text should show.
        Kind::Sign if text.chars().all(char::is_control) => "",
        Kind::Word | Kind::Name | Kind::Parameter | Kind::Sign => text,
    }
}

fn is_truth(word: &str) -> bool {
    word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false")
}

fn is_part_of_name(tokens: &Tokens<'_>, at: usize) -> bool {
    at > 0 && tokens.is_sign(at - 1, ".") || tokens.is_sign(at + 1, ".")
}

/// Behind the list of values that begins here, after an `IN`.
fn end_of_list(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    if !tokens.is_sign(at, "(") || at == 0 || !tokens.is_word(at - 1, "in") {
        return None;
    }
    let mut end = at + 1;
    let mut has_value = false;
    loop {
        let is_value = match tokens.kind(end)? {
            Kind::Text | Kind::Number => true,
            Kind::Parameter => tokens.text_of(end) == VALUE,
            Kind::Word => is_truth(tokens.text_of(end)),
            Kind::Sign | Kind::Name => false,
        };
        has_value |= is_value;
        match tokens.text_of(end) {
            ")" => return has_value.then_some(end + 1),
            "," | "-" | "+" => {}
            _ if is_value => {}
            _ => return None,
        }
        end += 1;
    }
}
