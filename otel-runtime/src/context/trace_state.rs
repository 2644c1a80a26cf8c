//! What vendors on the way of a trace keep with it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The state that the tracing systems on the way of a trace pass along, as [W3C Trace Context
/// level 2] defines it: pairs of keys and values, the one that was changed last coming first.
///
/// It goes along with a trace by itself: from the request that brought it to every request made
/// on its behalf, and onto every span that is exported.
///
/// ```
/// use otel_runtime::{Context, TraceState};
///
/// let state: TraceState = "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE".parse().unwrap();
/// assert_eq!(state.value("congo"), Some("t61rcWkgMzE"));
///
/// let state = state.with("congo", "ucfJifl5GOE").unwrap();
/// assert_eq!(state.as_str(), "congo=ucfJifl5GOE,rojo=00f067aa0ba902b7");
/// ```
///
/// Cloning one copies a pointer.
///
/// [W3C Trace Context level 2]: https://www.w3.org/TR/trace-context-2/#tracestate-header
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TraceState(Option<Arc<str>>);

/// The text is no trace state; see [`TraceState`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTraceState;

/// More members than this are none at all.
const MOST_MEMBERS: usize = 32;
/// What is longer is cut, member by member.
const MOST_CHARS: usize = 512;
/// Members that are longer go first.
const LONG_MEMBER_CHARS: usize = 128;
/// Of a key, and of a value.
const MOST_PART_CHARS: usize = 256;

impl TraceState {
    /// No state.
    pub const EMPTY: Self = Self(None);

    /// Reads the headers of a request, which count as one in the order in which they came.
    ///
    /// Of members with the same key the first one stays. A state of more than 512 characters loses
    /// members: those of more than 128 characters first, then the last ones.
    ///
    /// # Errors
    /// If a member is not what the specification calls one, or if there are more than 32.
    pub fn from_headers<'a>(
        headers: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, InvalidTraceState> {
        let mut members: Vec<(&str, &str)> = Vec::new();
        for member in headers.into_iter().flat_map(|header| header.split(',')) {
            let member = member.trim_matches([' ', '\t']);
            if member.is_empty() {
                continue;
            }
            let (key, value) = member.split_once('=').ok_or(InvalidTraceState)?;
            check(key, value)?;
            if members.len() == MOST_MEMBERS {
                return Err(InvalidTraceState);
            }
            if members.iter().all(|(known, _)| *known != key) {
                members.push((key, value));
            }
        }
        Ok(Self::of(members))
    }

    /// The state as the header has it; empty if there is none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// True if nobody has said anything.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// What stands under this key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.iter()
            .find_map(|(known, value)| (known == key).then_some(value))
    }

    /// The members in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.as_str()
            .split(',')
            .filter_map(|member| member.split_once('='))
    }

    /// The same with this member in front.
    ///
    /// # Errors
    /// If the key or the value is none.
    pub fn with(&self, key: &str, value: &str) -> Result<Self, InvalidTraceState> {
        let value = value.trim_end_matches(' ');
        check(key, value)?;
        let others = self.iter().filter(|(known, _)| *known != key);
        let all = std::iter::once((key, value)).chain(others);
        Ok(Self::of(all.take(MOST_MEMBERS).collect()))
    }

    /// The same without this member.
    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        Self::of(self.iter().filter(|(known, _)| *known != key).collect())
    }

    /// Bytes on the heap.
    pub(super) fn bytes(&self) -> usize {
        self.as_str().len()
    }

    fn of(mut members: Vec<(&str, &str)>) -> Self {
        limit(&mut members);
        if members.is_empty() {
            return Self::EMPTY;
        }
        let mut text = String::with_capacity(chars(&members));
        for (key, value) in members {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(key);
            text.push('=');
            text.push_str(value);
        }
        Self(Some(text.into()))
    }
}

fn limit(members: &mut Vec<(&str, &str)>) {
    while chars(members) > MOST_CHARS {
        let is_long = |member: &(&str, &str)| member_chars(*member) > LONG_MEMBER_CHARS;
        let last = members.len() - 1;
        members.remove(members.iter().rposition(is_long).unwrap_or(last));
    }
}

fn chars(members: &[(&str, &str)]) -> usize {
    let commas = members.len().saturating_sub(1);
    commas + members.iter().copied().map(member_chars).sum::<usize>()
}

const fn member_chars((key, value): (&str, &str)) -> usize {
    key.len() + 1 + value.len()
}

fn check(key: &str, value: &str) -> Result<(), InvalidTraceState> {
    let begins_key = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_in_key = |byte: u8| begins_key(byte) || matches!(byte, b'_' | b'-' | b'*' | b'/' | b'@');
    let is_in_value = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b',' | b'=');
    let is_sized = |part: &str| (1..=MOST_PART_CHARS).contains(&part.len());
    let is_key = is_sized(key) && begins_key(key.as_bytes()[0]) && key.bytes().all(is_in_key);
    let is_value = is_sized(value) && value.bytes().all(is_in_value);
    match is_key && is_value {
        true => Ok(()),
        false => Err(InvalidTraceState),
    }
}

impl fmt::Display for TraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TraceState {
    type Err = InvalidTraceState;

    fn from_str(header: &str) -> Result<Self, InvalidTraceState> {
        Self::from_headers([header])
    }
}

impl fmt::Display for InvalidTraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid trace state: expected up to 32 members `key=value` of the characters that W3C Trace Context allows")
    }
}

impl std::error::Error for InvalidTraceState {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<String> {
        let state = TraceState::from_headers(headers).ok()?;
        Some(state.as_str().to_owned())
    }

    #[test]
    fn headers_are_joined_in_their_order() {
        for (headers, joined) in [
            (&["foo=1"][..], "foo=1"),
            (&["foo=1,bar=2"], "foo=1,bar=2"),
            (&["foo=1", "bar=2"], "foo=1,bar=2"),
            (&["foo=1,", "", ",bar=2"], "foo=1,bar=2"),
            (&["foo=1 \t , \t bar=2, \t baz=3"], "foo=1,bar=2,baz=3"),
            (&["foo=1,", " \t", "bar=2"], "foo=1,bar=2"),
            (&[], ""),
            (&["", " , \t,"], ""),
        ] {
            assert_eq!(
                read(headers.iter().copied()).as_deref(),
                Some(joined),
                "{headers:?}"
            );
        }
    }

    #[test]
    fn every_allowed_character_is_taken() {
        let key = "0123456789abcdefghijklmnopqrstuvwxyz_-*/@";
        let value: String = (b' '..=b'~')
            .map(char::from)
            .filter(|c| !",=".contains(*c))
            .collect();
        for header in [
            format!("a{key}=1"),
            format!("9{key}=1"),
            format!("fw529a3039@dt={value}"),
            format!("{}=1", "z".repeat(256)),
            format!("{}@{}=1", "t".repeat(241), "v".repeat(14)),
            format!("a={}", "v".repeat(256)),
        ] {
            assert_eq!(read([header.as_str()]), Some(header));
        }
    }

    #[test]
    fn one_wrong_member_makes_the_whole_worthless() {
        for member in [
            "foo",
            "foo=",
            "=1",
            "Foo=1",
            "foo =1",
            "f\u{f6}=1",
            "_foo=1",
            "@foo=1",
            "-foo=1",
            "foo.bar=1",
            "foo=1=2",
            "foo=b\u{e4}r",
            "foo=\u{fffd}",
            "foo=a\tb",
            "foo=a\u{0}",
            "foo=\u{7f}",
            &format!("{}=1", "z".repeat(257)),
            &format!("foo={}", "v".repeat(257)),
        ] {
            assert_eq!(read([member]), None, "{member}");
            assert_eq!(read(["a=1", member, "b=2"]), None, "{member}");
        }
    }

    #[test]
    fn there_are_32_members_at_most() {
        let members = |count: usize| -> Vec<String> {
            (1..=count)
                .map(|index| format!("bar{index:02}={index:02}"))
                .collect()
        };
        let most = members(32).join(",");
        assert_eq!(read([most.as_str()]), Some(most));
        let (one, other) = (members(32).join(","), "bar33=33");
        assert_eq!(read([one.as_str(), other]), None);
        assert_eq!(read([members(33).join(",").as_str()]), None);
    }

    #[test]
    fn of_two_members_with_one_key_the_first_stays() {
        assert_eq!(read(["foo=1,bar=2,foo=3"]).as_deref(), Some("foo=1,bar=2"));
        assert_eq!(read(["foo=1", "foo=1"]).as_deref(), Some("foo=1"));
    }

    #[test]
    fn too_long_a_state_loses_long_members_and_then_the_last_ones() {
        let long = |key: &str| format!("{key}={}", "x".repeat(200));
        let short = |key: &str| format!("{key}={}", "y".repeat(100));
        let header = [long("a"), short("b"), long("c"), short("d")].join(",");
        let kept = [long("a"), short("b"), short("d")].join(",");
        assert_eq!(read([header.as_str()]), Some(kept));
        let header: Vec<_> = ["a", "b", "c", "d", "e", "f"].map(short).into();
        assert_eq!(
            read([header.join(",").as_str()]),
            Some(header[..4].join(","))
        );
    }

    #[test]
    fn a_changed_member_comes_first_and_a_removed_one_is_gone() {
        let state: TraceState = "a=1,b=2,c=3".parse().unwrap();
        assert_eq!(state.with("b", "4").unwrap().as_str(), "b=4,a=1,c=3");
        assert_eq!(state.with("d", "4").unwrap().as_str(), "d=4,a=1,b=2,c=3");
        assert_eq!(state.without("b").as_str(), "a=1,c=3");
        assert_eq!(
            state.without("a").without("b").without("c"),
            TraceState::EMPTY
        );
        for (key, value) in [("", "1"), ("d", ""), ("D", "1"), ("d", "a,b"), ("d", " ")] {
            assert_eq!(
                state.with(key, value),
                Err(InvalidTraceState),
                "{key}={value}"
            );
        }
    }
}
