//! Which methods are known: others share one value, so that nobody can make series without end.

use std::borrow::Cow;
use std::env;

/// The methods that attributes and metrics tell apart; any other is `_OTHER` there.
///
/// By default those of RFC 9110, `PATCH` and `QUERY`, or what
/// `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` lists: names between commas, as they are written.
///
/// ```
/// use otelkit_http::KnownMethods;
///
/// let methods = KnownMethods::of(["GET", "PROPFIND"]);
/// assert_eq!(methods.name("PROPFIND"), "PROPFIND");
/// assert_eq!(methods.name("get"), "_OTHER");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMethods(Vec<Cow<'static, str>>);

/// The number of a method among the known ones; `None` for any other.
pub(crate) type Number = Option<usize>;

/// What stands for a method that is not known.
const OTHER: &str = "_OTHER";
const VARIABLE: &str = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS";
const STANDARD: [&str; 10] = [
    "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY",
];

impl KnownMethods {
    /// Exactly these.
    #[must_use]
    pub fn of<M: Into<Cow<'static, str>>>(methods: impl IntoIterator<Item = M>) -> Self {
        Self(methods.into_iter().map(Into::into).collect())
    }

    /// The method if it is known, else `_OTHER`.
    #[must_use]
    pub fn name(&self, method: &str) -> &str {
        self.text(self.number(method))
    }

    pub(crate) fn number(&self, method: &str) -> Number {
        self.0.iter().position(|known| known == method)
    }

    pub(crate) fn text(&self, number: Number) -> &str {
        number
            .and_then(|number| self.0.get(number))
            .map_or(OTHER, |known| known)
    }

    /// What begins the name of a span.
    pub(crate) fn in_name(&self, number: Number) -> &str {
        match number {
            Some(_) => self.text(number),
            None => "HTTP",
        }
    }

    fn from_list(list: &str) -> Self {
        let methods = list.split(',').map(str::trim);
        Self::of(
            methods
                .filter(|method| !method.is_empty())
                .map(str::to_owned),
        )
    }
}

impl Default for KnownMethods {
    fn default() -> Self {
        match env::var(VARIABLE) {
            Ok(list) if !list.trim().is_empty() => Self::from_list(&list),
            _ => Self::of(STANDARD),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_known_as_it_is_written() {
        let methods = KnownMethods::of(STANDARD);
        assert_eq!(methods.name("QUERY"), "QUERY");
        for other in ["get", "", "PROPFIND", "GET "] {
            assert_eq!(methods.name(other), "_OTHER", "{other:?}");
        }
        assert_eq!(methods.in_name(methods.number("BREW")), "HTTP");
        assert_eq!(methods.in_name(methods.number("GET")), "GET");
    }

    #[test]
    fn a_list_replaces_the_standard_methods() {
        let methods = KnownMethods::from_list("GET, MOVE,,COPY ");
        assert_eq!(methods, KnownMethods::of(["GET", "MOVE", "COPY"]));
        assert_eq!(methods.name("POST"), "_OTHER");
    }
}
