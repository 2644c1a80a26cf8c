//! URLs as they may be shown: without credentials, and without the values of keys that sign.

use std::borrow::Cow;
use std::fmt;

use otel_runtime::value::{Capture, Sink};

/// The keys of a query whose values are not shown: `?id=7&sig=REDACTED`.
///
/// By default the ones that OpenTelemetry's conventions list, which are what signed URLs of AWS,
/// Azure and Google Cloud carry.
///
/// ```
/// use otelkit_http::Redaction;
///
/// let redaction = Redaction::default().and("token");
/// let query = "id=7&token=secret&sig=abc";
/// assert_eq!(redaction.query(query).to_string(), "id=7&token=REDACTED&sig=REDACTED");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction(Vec<Cow<'static, str>>);

/// A query that shows no secret, as `Display` writes it.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    redaction: &'a Redaction,
    query: &'a str,
}

/// The parts of an absolute URL.
#[derive(Clone, Copy, Debug, Default)]
pub struct UrlParts<'a> {
    /// `https`
    pub scheme: &'a str,
    /// `user:password@example.com:8080`
    pub authority: &'a str,
    /// `/search`
    pub path: &'a str,
    /// `q=cats`
    pub query: Option<&'a str>,
    /// What stands behind the `#`.
    pub fragment: Option<&'a str>,
}

/// A URL that shows no secret, as `Display` writes it.
#[derive(Clone, Copy, Debug)]
pub struct FullUrl<'a> {
    redaction: &'a Redaction,
    parts: UrlParts<'a>,
}

const REDACTED: &str = "REDACTED";
const STANDARD: [&str; 5] = [
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
    "sig",
    "X-Goog-Signature",
];

impl Redaction {
    /// Exactly these keys, in place of the standard ones. Case matters.
    #[must_use]
    pub fn of<K: Into<Cow<'static, str>>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self(keys.into_iter().map(Into::into).collect())
    }

    /// This key as well.
    #[must_use]
    pub fn and(mut self, key: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(key.into());
        self
    }

    /// A query, without its `?`.
    #[must_use]
    pub const fn query<'a>(&'a self, query: &'a str) -> Query<'a> {
        Query {
            redaction: self,
            query,
        }
    }

    /// A URL. Credentials in it become `REDACTED:REDACTED@`.
    #[must_use]
    pub const fn url<'a>(&'a self, parts: UrlParts<'a>) -> FullUrl<'a> {
        FullUrl {
            redaction: self,
            parts,
        }
    }

    /// The key of this pair if its value is not shown, however the key is written.
    fn hidden<'a>(&self, pair: &'a str) -> Option<&'a str> {
        let equals = pair.bytes().position(|byte| byte == b'=')?;
        let (key, value) = (&pair[..equals], &pair[equals + 1..]);
        let is_hidden = || match key.bytes().any(|byte| byte == b'%') {
            true => self.0.iter().any(|hidden| decoded(key).eq(hidden.bytes())),
            false => self.0.iter().any(|hidden| hidden == key),
        };
        (!value.is_empty() && is_hidden()).then_some(key)
    }
}

impl Default for Redaction {
    fn default() -> Self {
        Self::of(STANDARD)
    }
}

impl fmt::Display for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, pair) in self.query.split('&').enumerate() {
            if index > 0 {
                f.write_str("&")?;
            }
            match self.redaction.hidden(pair) {
                Some(key) => write!(f, "{key}={REDACTED}")?,
                None => f.write_str(pair)?,
            }
        }
        Ok(())
    }
}

/// As it is where it shows no secret, which is cheaper than formatting it.
impl Capture for Query<'_> {
    fn capture(&self, sink: &mut Sink<'_>) {
        let mut pairs = self.query.split('&');
        match pairs.any(|pair| self.redaction.hidden(pair).is_some()) {
            true => sink.display(self),
            false => sink.str(self.query),
        }
    }
}

impl fmt::Display for FullUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.parts;
        write!(f, "{}://", parts.scheme)?;
        match parts.authority.rsplit_once('@') {
            Some((_, host)) => write!(f, "{REDACTED}:{REDACTED}@{host}")?,
            None => f.write_str(parts.authority)?,
        }
        f.write_str(parts.path)?;
        if let Some(query) = parts.query {
            write!(f, "?{}", self.redaction.query(query))?;
        }
        if let Some(fragment) = parts.fragment {
            write!(f, "#{fragment}")?;
        }
        Ok(())
    }
}

/// The bytes that a key stands for, `%73ig` being `sig`.
fn decoded(key: &str) -> impl Iterator<Item = u8> {
    let mut rest = key.as_bytes();
    std::iter::from_fn(move || {
        if let [b'%', high, low, behind @ ..] = rest
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            rest = behind;
            return Some(high << 4 | low);
        }
        let (first, behind) = rest.split_first()?;
        rest = behind;
        Some(*first)
    })
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_signing_keys_are_hidden_and_nothing_else_is() {
        let redaction = Redaction::default();
        for (query, shown) in [
            ("", ""),
            ("q=cats", "q=cats"),
            ("q=cats&sig=abc", "q=cats&sig=REDACTED"),
            ("sig=a=b&x", "sig=REDACTED&x"),
            ("sig", "sig"),
            ("sig=", "sig="),
            ("Sig=abc&signature=abc", "Sig=abc&signature=abc"),
            ("%73ig=abc", "%73ig=REDACTED"),
            ("%7=1&%zz=2&%", "%7=1&%zz=2&%"),
            ("&&sig=1&", "&&sig=REDACTED&"),
            (
                "X-Amz-Signature=1&X-Amz-Credential=2&X-Amz-Security-Token=3&X-Goog-Signature=4",
                "X-Amz-Signature=REDACTED&X-Amz-Credential=REDACTED\
                 &X-Amz-Security-Token=REDACTED&X-Goog-Signature=REDACTED",
            ),
        ] {
            assert_eq!(redaction.query(query).to_string(), shown, "{query}");
        }
    }

    #[test]
    fn own_keys_stand_instead_or_beside() {
        let instead = Redaction::of(["token"]);
        assert_eq!(
            instead.query("sig=1&token=2").to_string(),
            "sig=1&token=REDACTED"
        );
        let beside = Redaction::default().and("token");
        assert_eq!(
            beside.query("sig=1&token=2").to_string(),
            "sig=REDACTED&token=REDACTED"
        );
    }

    #[test]
    fn credentials_are_hidden() {
        let redaction = Redaction::default();
        let shown = |authority| {
            let parts = UrlParts {
                scheme: "https",
                authority,
                path: "/search",
                query: Some("q=1&sig=2"),
                fragment: Some("top"),
            };
            redaction.url(parts).to_string()
        };
        assert_eq!(
            shown("example.com:8080"),
            "https://example.com:8080/search?q=1&sig=REDACTED#top"
        );
        for authority in [
            "user:secret@example.com",
            "user@example.com",
            "a@b:c@example.com",
        ] {
            assert_eq!(
                shown(authority),
                "https://REDACTED:REDACTED@example.com/search?q=1&sig=REDACTED#top"
            );
        }
    }
}
