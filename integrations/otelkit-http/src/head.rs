//! The heads of requests and responses, whatever types a framework has for them.

use std::borrow::Cow;
use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, Version, header};

/// Headers, of a request or a response.
pub trait Headers {
    /// Shows each value of the header of this name, which is in lower case.
    fn each_value(&self, name: &str, show: &mut dyn FnMut(&[u8]));

    /// The first value of the header of this name; wrong parts of it are replaced by U+FFFD.
    fn header(&self, name: &str) -> Option<Cow<'_, str>>;
}

/// What a request says of itself.
pub trait RequestHead: Headers {
    /// The method, as it was sent.
    fn method(&self) -> &str;

    /// The path of the target, undecoded.
    fn path(&self) -> &str;

    /// What stands behind the `?`.
    fn query(&self) -> Option<&str>;

    /// The target's scheme, if it is written there.
    fn scheme(&self) -> Option<&str>;

    /// The target's host and port, if they are written there.
    fn authority(&self) -> Option<&str>;

    /// The version of HTTP: `1.1`, `2`.
    fn version(&self) -> Option<&'static str>;
}

/// The other end of the connection that a request or a response came by: an extension for whoever
/// knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddr(pub SocketAddr);

/// A value that is marked as sensitive is shown as `REDACTED`.
impl Headers for HeaderMap {
    fn each_value(&self, name: &str, show: &mut dyn FnMut(&[u8])) {
        let values = match known(name) {
            Some(known) => self.get_all(known),
            None => self.get_all(name),
        };
        values.iter().for_each(|value| match value.is_sensitive() {
            true => show(b"REDACTED"),
            false => show(value.as_bytes()),
        });
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let value = match known(name) {
            Some(known) => self.get(known),
            None => self.get(name),
        };
        value.map(|value| String::from_utf8_lossy(value.as_bytes()))
    }
}

/// A name that every request is asked for: found without being parsed.
fn known(name: &str) -> Option<&'static HeaderName> {
    static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
    static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
    static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
    Some(match name {
        "content-length" => &header::CONTENT_LENGTH,
        "forwarded" => &header::FORWARDED,
        "host" => &header::HOST,
        "user-agent" => &header::USER_AGENT,
        "x-forwarded-for" => &X_FORWARDED_FOR,
        "x-forwarded-host" => &X_FORWARDED_HOST,
        "x-forwarded-proto" => &X_FORWARDED_PROTO,
        _ => return None,
    })
}

impl Headers for http::request::Parts {
    fn each_value(&self, name: &str, show: &mut dyn FnMut(&[u8])) {
        self.headers.each_value(name, show);
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.headers.header(name)
    }
}

impl RequestHead for http::request::Parts {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn path(&self) -> &str {
        self.uri.path()
    }

    fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    fn scheme(&self) -> Option<&str> {
        self.uri.scheme_str()
    }

    fn authority(&self) -> Option<&str> {
        self.uri.authority().map(http::uri::Authority::as_str)
    }

    fn version(&self) -> Option<&'static str> {
        version_text(self.version)
    }
}

/// A version of HTTP as `network.protocol.version` has it.
#[must_use]
pub fn version_text(version: Version) -> Option<&'static str> {
    Some(match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_11 => "1.1",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => return None,
    })
}

/// How long the body is, if `Content-Length` says so.
pub(crate) fn content_length(headers: &impl Headers) -> Option<u64> {
    headers.header("content-length")?.trim().parse().ok()
}
