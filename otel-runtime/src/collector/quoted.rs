//! Messages of databases without the values in them.
//!
//! A database quotes pieces of the statement in its errors, and what was in the way of it: values,
//! names, and values in quotes in quotes. Which is which nobody can tell.

const QUOTES: [char; 3] = ['\'', '"', '`'];

/// The message with a `?` for what is quoted: from each first quote to the last one of its kind.
pub(super) fn hidden(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(begin) = rest.find(QUOTES) {
        let inside = begin + 1;
        let quote = &rest[begin..inside];
        shown.push_str(&rest[..inside]);
        shown.push('?');
        // One that does not close hides all that follows.
        let Some(end) = rest[inside..].rfind(quote) else {
            return shown;
        };
        shown.push_str(quote);
        rest = &rest[inside + end + 1..];
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn what_is_quoted_is_hidden_however_deep() {
        for (message, shown) in [
            ("pool timed out", "pool timed out"),
            (
                "duplicate key violates \"users_mail\"",
                "duplicate key violates \"?\"",
            ),
            ("near 'SELEC 'hunter2'' at line 1", "near '?' at line 1"),
            (
                "entry 'a\"b' for \"key\" and `c`",
                "entry '?' for \"?\" and `?`",
            ),
            ("it isn't hunter2", "it isn'?"),
        ] {
            assert_eq!(hidden(message), shown);
        }
    }
}
