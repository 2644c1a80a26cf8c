//! The heads of requests and responses, whatever types a framework has for them.

use std::borrow::Cow;
use std::net::SocketAddr;

use http::{HeaderMap, HeaderValue, Version};

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

    /// The headers that every request is asked for. To be overridden where one look at all headers
    /// costs less than one for each of these.
    fn usual_headers(&self) -> UsualHeaders<'_> {
        UsualHeaders {
            content_length: self.header("content-length"),
            forwarded: self.header("forwarded"),
            host: self.header("host"),
            user_agent: self.header("user-agent"),
            x_forwarded_for: self.header("x-forwarded-for"),
            x_forwarded_host: self.header("x-forwarded-host"),
            x_forwarded_proto: self.header("x-forwarded-proto"),
        }
    }
}

/// The first values of headers that every request is asked for, as [`Headers::header`] gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsualHeaders<'a> {
    /// `Content-Length`
    pub content_length: Option<Cow<'a, str>>,
    /// `Forwarded`
    pub forwarded: Option<Cow<'a, str>>,
    /// `Host`
    pub host: Option<Cow<'a, str>>,
    /// `User-Agent`
    pub user_agent: Option<Cow<'a, str>>,
    /// `X-Forwarded-For`
    pub x_forwarded_for: Option<Cow<'a, str>>,
    /// `X-Forwarded-Host`
    pub x_forwarded_host: Option<Cow<'a, str>>,
    /// `X-Forwarded-Proto`
    pub x_forwarded_proto: Option<Cow<'a, str>>,
}

/// The other end of the connection that a request or a response came by: an extension for whoever
/// knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddr(pub SocketAddr);

/// A value that is marked as sensitive is shown as `REDACTED`.
impl Headers for HeaderMap {
    fn each_value(&self, name: &str, show: &mut dyn FnMut(&[u8])) {
        self.get_all(name)
            .iter()
            .for_each(|value| match value.is_sensitive() {
                true => show(b"REDACTED"),
                false => show(value.as_bytes()),
            });
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(lossy)
    }
}

/// The text of a value; wrong parts of it are replaced by U+FFFD.
fn lossy(value: &HeaderValue) -> Cow<'_, str> {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(value.as_bytes()),
    }
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

    fn usual_headers(&self) -> UsualHeaders<'_> {
        let mut usual = UsualHeaders::default();
        for (name, value) in &self.headers {
            let place = match name.as_str() {
                "content-length" => &mut usual.content_length,
                "forwarded" => &mut usual.forwarded,
                "host" => &mut usual.host,
                "user-agent" => &mut usual.user_agent,
                "x-forwarded-for" => &mut usual.x_forwarded_for,
                "x-forwarded-host" => &mut usual.x_forwarded_host,
                "x-forwarded-proto" => &mut usual.x_forwarded_proto,
                _ => continue,
            };
            if place.is_none() {
                *place = Some(lossy(value));
            }
        }
        usual
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

/// How long the body is, by what `Content-Length` says.
pub(crate) fn length(said: &str) -> Option<u64> {
    said.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn the_usual_headers_are_those_that_one_finds_by_name() {
        let mut request = Request::get("/");
        for (name, value) in [
            ("Content-Length", &b"17"[..]),
            ("x-other", b"1"),
            ("Forwarded", b"for=1.2.3.4"),
            ("forwarded", b"for=5.6.7.8"),
            ("Host", b"shop.example"),
            ("User-Agent", b"t\xe4sts"),
            ("X-Forwarded-For", b"1.2.3.4"),
            ("X-Forwarded-Host", b"front.example"),
            ("X-Forwarded-Proto", b"https"),
        ] {
            request = request.header(name, value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let by_name = |name: &str| head.header(name);
        let usual = head.usual_headers();
        assert_eq!(usual.content_length.as_deref(), Some("17"));
        assert_eq!(usual.content_length, by_name("content-length"));
        assert_eq!(usual.forwarded.as_deref(), Some("for=1.2.3.4"));
        assert_eq!(usual.host, by_name("host"));
        assert_eq!(usual.user_agent.as_deref(), Some("t\u{fffd}sts"));
        assert_eq!(usual.x_forwarded_for, by_name("x-forwarded-for"));
        assert_eq!(usual.x_forwarded_host, by_name("x-forwarded-host"));
        assert_eq!(usual.x_forwarded_proto, by_name("x-forwarded-proto"));
        let (bare, ()) = Request::get("/").body(()).unwrap().into_parts();
        assert_eq!(bare.usual_headers(), UsualHeaders::default());
    }
}
