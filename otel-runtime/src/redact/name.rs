//! Names of fields, and which of them a rule is about.

use std::borrow::Cow;

/// Which names a rule is about. Upper and lower case are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NameRule {
    /// The last words of a name, however it writes words: `api_key` is that of `x-api-key`,
    /// `http.request.header.x-api-key` and `apiKey`, not of `api_key_count`.
    Words(Cow<'static, str>),
    /// The whole name.
    Exact(Cow<'static, str>),
    /// The whole name, in which `*` stands for anything.
    Glob(Cow<'static, str>),
}

impl NameRule {
    /// `=name` is exact, a name with `*` a glob.
    pub(super) fn parse(text: Cow<'static, str>) -> Result<Self, &'static str> {
        const NOTHING: &str = "it names nothing: expected a name such as `phone`, `=user.phone` for \
                               this name alone, or `user.*`";
        if let Some(exact) = text.strip_prefix('=') {
            return match exact.is_empty() {
                true => Err(NOTHING),
                false => Ok(Self::Exact(exact.to_owned().into())),
            };
        }
        if text.chars().all(|c| !c.is_alphanumeric()) {
            return Err(NOTHING);
        }
        if text.chars().any(char::is_whitespace) {
            return Err("a name has no spaces");
        }
        Ok(match text.contains('*') {
            true => Self::Glob(text),
            false => Self::Words(text),
        })
    }

    /// The last two letters of all names that it is about, small, unless they can be any.
    pub(super) fn lasts(&self) -> Option<[u8; 2]> {
        match self {
            Self::Words(words) => {
                let mut letters = words.bytes().rev().filter(|byte| is_part(*byte));
                let last = letters.next()?;
                Some([letters.next()?, last].map(|byte| byte.to_ascii_lowercase()))
            }
            Self::Exact(_) | Self::Glob(_) => None,
        }
    }

    pub(super) fn is_about(&self, name: &str) -> bool {
        match self {
            Self::Words(words) => ends_in_words(name.as_bytes(), words.as_bytes()),
            Self::Exact(exact) => exact.eq_ignore_ascii_case(name),
            Self::Glob(glob) => fits(name.as_bytes(), glob.as_bytes()),
        }
    }
}

/// True if the last words of `name` are these; what is between words does not matter.
fn ends_in_words(name: &[u8], words: &[u8]) -> bool {
    let mut rest = name.len();
    for word in words.iter().rev().filter(|byte| is_part(**byte)) {
        while rest > 0 && !is_part(name[rest - 1]) {
            rest -= 1;
        }
        if rest == 0 || !name[rest - 1].eq_ignore_ascii_case(word) {
            return false;
        }
        rest -= 1;
    }
    begins_word(name, rest)
}

/// True if a word begins here: at the start, behind a sign, or where case changes as in `userName`,
/// `HTTPToken`.
fn begins_word(name: &[u8], at: usize) -> bool {
    let (Some(before), Some(first)) = (at.checked_sub(1).and_then(|it| name.get(it)), name.get(at))
    else {
        return true;
    };
    let next_is_small = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    !is_part(*before)
        || !is_part(*first)
        || first.is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_small)
}

const fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Goes back to the last star alone, which is enough: time is the product of the lengths at most.
fn fits(name: &[u8], glob: &[u8]) -> bool {
    let (mut at, mut of_glob) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match glob.get(of_glob) {
            Some(b'*') => {
                star = Some((of_glob + 1, at));
                of_glob += 1;
            }
            Some(byte) if byte.eq_ignore_ascii_case(&name[at]) => {
                at += 1;
                of_glob += 1;
            }
            _ => match &mut star {
                Some((behind, matched)) => {
                    *matched += 1;
                    (at, of_glob) = (*matched, *behind);
                }
                None => return false,
            },
        }
    }
    glob[of_glob..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &'static str) -> NameRule {
        NameRule::parse(text.into()).unwrap()
    }

    #[test]
    fn words_are_the_last_ones_of_a_name_however_it_is_written() {
        for (words, name, expected) in [
            ("password", "password", true),
            ("password", "user.password", true),
            ("password", "DB_PASSWORD", true),
            ("password", "userPassword", true),
            ("password", "DBPassword", true),
            ("password", "password.length", false),
            ("password", "nopassword", false),
            ("api_key", "http.request.header.x-api-key", true),
            ("api_key", "apiKey", true),
            ("api_key", "APIKEY", true),
            ("api_key", "happiKey", false),
            ("token", "next_token", true),
            ("token", "tokens", false),
            ("token", "broken", false),
            ("user.token", "user_token", true),
            ("token", "", false),
            ("schlüssel", "mein.schlüssel", true),
        ] {
            assert_eq!(rule(words).is_about(name), expected, "{words} {name}");
        }
    }

    #[test]
    fn globs_and_exact_names_are_of_the_whole_name() {
        for (text, name, expected) in [
            ("=user.id", "user.id", true),
            ("=user.id", "User.ID", true),
            ("=user.id", "my.user.id", false),
            ("user.*", "user.email", true),
            ("user.*", "superuser.email", false),
            ("*.email", "user.email", true),
            ("*ssn*", "a.SSN.b", true),
            ("a*b*c", "aXbbYc", true),
            ("a*b*c", "aXbbYcd", false),
            ("*a", "aaaaaaaab", false),
        ] {
            assert_eq!(rule(text).is_about(name), expected, "{text} {name}");
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in ["", "=", "*", "--", "a b"] {
            assert!(NameRule::parse(text.into()).is_err(), "{text}");
        }
    }
}
