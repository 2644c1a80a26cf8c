//! Whether what is written for people is in colour.

use std::ffi::OsString;

/// As <https://no-color.org> and <https://bixense.com/clicolors> have it, for a stream that is a
/// terminal or not, in the process's environment.
pub(super) fn is_wanted(is_terminal: bool) -> bool {
    is_wanted_by(is_terminal, |name| std::env::var_os(name))
}

/// `NO_COLOR` wins, if it is not empty; then `CLICOLOR_FORCE`, unless it is 0; then `CLICOLOR`.
fn is_wanted_by(is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    let is = |name, word: &str| set(name).is_some_and(|value| value == *word);
    is_terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(is_terminal: bool, variables: &[(&str, &str)]) -> bool {
        is_wanted_by(is_terminal, |name| {
            let found = variables.iter().find(|(known, _)| *known == name)?;
            Some(found.1.into())
        })
    }

    #[test]
    fn terminals_are_coloured_and_nothing_else_is() {
        assert!(wanted(true, &[]));
        assert!(!wanted(false, &[]));
        assert!(!wanted(true, &[("TERM", "dumb")]));
        assert!(wanted(true, &[("TERM", "xterm"), ("CLICOLOR", "1")]));
        assert!(!wanted(true, &[("CLICOLOR", "0")]));
    }

    #[test]
    fn a_person_may_ask_for_colours_and_against_them() {
        assert!(!wanted(true, &[("NO_COLOR", "1")]));
        assert!(wanted(true, &[("NO_COLOR", "")]));
        assert!(wanted(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!wanted(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!wanted(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    }
}
