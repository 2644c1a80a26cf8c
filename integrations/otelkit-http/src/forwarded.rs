//! What proxies say of the request that they passed on: `Forwarded` (RFC 7239) and its forerunners.

use std::borrow::Cow;

use crate::authority;
use crate::head::UsualHeaders;

/// What was known where the request came from; nothing of it is proven.
#[derive(Debug, Default)]
pub(crate) struct Origin<'a> {
    pub(crate) client: Option<Cow<'a, str>>,
    pub(crate) scheme: Option<Cow<'a, str>>,
    pub(crate) host: Option<Cow<'a, str>>,
}

impl<'a> Origin<'a> {
    /// By the first proxy on the way.
    pub(crate) fn of(headers: &UsualHeaders<'a>) -> Self {
        if let Some(forwarded) = &headers.forwarded {
            let part = |name| pick(forwarded, |element| parameter(element, name));
            return Self {
                client: part("for").and_then(address),
                scheme: part("proto"),
                host: part("host"),
            };
        }
        let part = |header: &Option<_>| pick(header.as_ref()?, |element| Some(element.trim()));
        Self {
            client: part(&headers.x_forwarded_for).and_then(address),
            scheme: part(&headers.x_forwarded_proto),
            host: part(&headers.x_forwarded_host),
        }
    }
}

/// A part of the header's first element, unless it is empty.
fn pick<'a>(
    header: &Cow<'a, str>,
    part: impl for<'b> Fn(&'b str) -> Option<&'b str>,
) -> Option<Cow<'a, str>> {
    fn first(header: &str) -> &str {
        header.split(',').next().unwrap_or(header)
    }
    let picked = match header {
        Cow::Borrowed(header) => Cow::Borrowed(part(first(header))?),
        Cow::Owned(header) => Cow::Owned(part(first(header))?.to_owned()),
    };
    (!picked.is_empty()).then_some(picked)
}

/// The value of `name=value` or `name="value"` between semicolons.
fn parameter<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = value.trim();
        let inside = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        key.trim()
            .eq_ignore_ascii_case(name)
            .then_some(inside.unwrap_or(value))
    })
}

/// The address without its port; `None` where the proxy does not tell.
fn address(client: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if client.starts_with('_') || client.eq_ignore_ascii_case("unknown") {
        return None;
    }
    Some(match client {
        Cow::Borrowed(client) => Cow::Borrowed(authority::split(client).0),
        Cow::Owned(client) => Cow::Owned(authority::split(&client).0.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::head::RequestHead;

    fn origin(headers: &[(&str, &str)]) -> [Option<String>; 3] {
        let mut request = Request::get("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let origin = Origin::of(&head.usual_headers());
        [origin.client, origin.scheme, origin.host].map(|part| part.map(Cow::into_owned))
    }

    fn texts(texts: [&str; 3]) -> [Option<String>; 3] {
        texts.map(|text| (!text.is_empty()).then(|| text.to_owned()))
    }

    #[test]
    fn the_first_proxy_is_believed() {
        for (headers, expected) in [
            (
                &[(
                    "forwarded",
                    "for=192.0.2.60;proto=https;host=example.com:8443, for=10.0.0.1",
                )][..],
                ["192.0.2.60", "https", "example.com:8443"],
            ),
            (
                &[("forwarded", r#"For="[2001:db8::1]:4711"; Proto = http"#)],
                ["2001:db8::1", "http", ""],
            ),
            (&[("forwarded", "for=unknown")], ["", "", ""]),
            (&[("forwarded", "for=_hidden;;=;x")], ["", "", ""]),
            (
                &[
                    ("x-forwarded-for", "203.0.113.7, 10.0.0.1"),
                    ("x-forwarded-proto", "https"),
                ],
                ["203.0.113.7", "https", ""],
            ),
            (
                &[("x-forwarded-host", "shop.example")],
                ["", "", "shop.example"],
            ),
            (&[("x-forwarded-for", "")], ["", "", ""]),
            (
                &[("forwarded", "for=1.2.3.4"), ("x-forwarded-proto", "https")],
                ["1.2.3.4", "", ""],
            ),
            (&[], ["", "", ""]),
        ] {
            assert_eq!(origin(headers), texts(expected), "{headers:?}");
        }
    }
}
