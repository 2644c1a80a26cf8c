//! Where requests go: the endpoint rules of the [OTLP exporter specification].
//!
//! [OTLP exporter specification]: https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp

use std::net::Ipv6Addr;

use super::error::OtlpConfigError;

/// A checked URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Scheme, authority, path and query, ready to be used.
    url: String,
    /// Where the query begins.
    query_at: usize,
    is_https: bool,
}

impl Target {
    /// Checks a URL. `insecure` is `Some` where the scheme may be missing, and
    /// then chooses it.
    pub(super) fn parse(
        setting: &'static str,
        text: &str,
        insecure: Option<bool>,
    ) -> Result<Self, OtlpConfigError> {
        // the text itself is repeated only when it cannot hold a password or a token
        let refuse = |why: &str| {
            Err(if text.contains(['@', '?']) {
                OtlpConfigError::new(setting, format!("cannot be its value: {why}"))
            } else {
                OtlpConfigError::new(setting, why).with_value(text)
            })
        };
        let (is_https, rest) = match (text.split_once("://"), insecure) {
            (Some((scheme, rest)), _) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            (Some((scheme, rest)), _) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            (None, Some(insecure)) => (!insecure, text),
            (_, None) => return refuse("expected `http://` or `https://` and a host"),
            (Some(_), Some(_)) => {
                return refuse("expected `http://` or `https://` and a host, or `host:port`");
            }
        };
        if !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refuse("expected no spaces, and only ASCII");
        }
        if rest.contains('#') {
            return refuse("expected no `#`");
        }
        let path_at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path_and_query) = rest.split_at(path_at);
        if authority.contains('@') {
            return refuse("expected no user or password in the URL; set a header instead");
        }
        // the port follows the last colon, unless that is part of an IPv6 address
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        if host.is_empty() {
            return refuse("expected a host");
        }
        let in_brackets = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let is_ipv6 = in_brackets.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
        if !is_ipv6 && host.contains(['[', ']', ':']) {
            return refuse("expected a host name, an IPv4 address or an IPv6 address in brackets");
        }
        let is_port = |port: &str| {
            let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
            is_number && port.parse::<u16>().is_ok_and(|port| port > 0)
        };
        if port.is_some_and(|port| !is_port(port)) {
            return refuse("expected a port from 1 to 65535");
        }
        let scheme = if is_https { "https" } else { "http" };
        let slash = if path_and_query.starts_with('/') {
            ""
        } else {
            "/"
        };
        let url = format!("{scheme}://{authority}{slash}{path_and_query}");
        Ok(Self {
            query_at: url.find('?').unwrap_or(url.len()),
            url,
            is_https,
        })
    }

    /// The same with `path` added to its own.
    pub(super) fn with_path(self, path: &str) -> Self {
        let (before, query) = self.url.split_at(self.query_at);
        let before = before.trim_end_matches('/');
        Self {
            url: format!("{before}{path}{query}"),
            query_at: before.len() + path.len(),
            is_https: self.is_https,
        }
    }

    #[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    #[cfg(feature = "otlp-grpc")]
    pub(super) fn is_https(&self) -> bool {
        self.is_https
    }

    /// The URL as it may be printed: a query may hold a secret.
    pub(crate) fn label(&self) -> &str {
        &self.url[..self.query_at]
    }
}

#[cfg(test)]
mod tests {
    use super::super::config::{OtlpConfig, Protocol};
    use crate::stats::Signal;

    fn http(url: &str) -> String {
        let config = OtlpConfig::new().endpoint(url);
        config
            .target(Signal::Spans)
            .map_or_else(|error| error.to_string(), |target| target.url)
    }

    fn grpc(url: &str, insecure: bool) -> String {
        let config = OtlpConfig::new()
            .protocol(Protocol::Grpc)
            .insecure(insecure)
            .endpoint(url);
        config
            .target(Signal::Spans)
            .map_or_else(|error| error.to_string(), |target| target.url)
    }

    #[test]
    fn the_defaults_are_those_of_the_specification() {
        let default = |protocol| {
            OtlpConfig::new()
                .protocol(protocol)
                .target(Signal::Spans)
                .unwrap()
                .url
        };
        assert_eq!(
            default(Protocol::HttpProtobuf),
            "http://localhost:4318/v1/traces"
        );
        assert_eq!(
            default(Protocol::HttpJson),
            "http://localhost:4318/v1/traces"
        );
        assert_eq!(default(Protocol::Grpc), "http://localhost:4317/");
    }

    #[test]
    fn the_general_endpoint_gets_the_path_of_traces() {
        assert_eq!(http("http://a"), "http://a/v1/traces");
        assert_eq!(http("HTTPS://a:1/"), "https://a:1/v1/traces");
        assert_eq!(http("http://a/b/c/"), "http://a/b/c/v1/traces");
        assert_eq!(http("http://a/b?k=v"), "http://a/b/v1/traces?k=v");
        assert_eq!(http("http://[::1]:4318"), "http://[::1]:4318/v1/traces");
    }

    #[test]
    fn the_endpoint_of_traces_is_used_as_it_is() {
        let used = |url| {
            OtlpConfig::new()
                .endpoint("http://other")
                .traces_endpoint(url)
                .target(Signal::Spans)
                .unwrap()
                .url
        };
        assert_eq!(used("http://a:1/x/"), "http://a:1/x/");
        assert_eq!(used("http://a:1"), "http://a:1/");
    }

    #[test]
    fn metrics_go_to_a_path_or_an_endpoint_of_their_own() {
        let used = |config: OtlpConfig| config.target(Signal::Points).unwrap().url;
        let general = OtlpConfig::new()
            .endpoint("http://a/b")
            .traces_endpoint("http://c");
        assert_eq!(used(OtlpConfig::new()), "http://localhost:4318/v1/metrics");
        assert_eq!(used(general.clone()), "http://a/b/v1/metrics");
        assert_eq!(used(general.metrics_endpoint("http://d/e")), "http://d/e");
    }

    #[test]
    fn a_grpc_endpoint_may_come_without_scheme() {
        assert_eq!(grpc("a:4317", true), "http://a:4317/");
        assert_eq!(grpc("a:4317", false), "https://a:4317/");
        assert_eq!(grpc("http://a:4317", false), "http://a:4317/");
        assert_eq!(grpc("https://a", true), "https://a/");
    }

    #[test]
    fn what_is_no_endpoint_is_refused_with_the_reason() {
        assert_eq!(
            http("localhost:4318"),
            "`endpoint` cannot be `localhost:4318`: expected `http://` or `https://` and a host"
        );
        for (bad, why) in [
            ("", "expected `http://`"),
            ("ftp://a", "expected `http://`"),
            ("http://", "expected a host"),
            ("http://:4318", "expected a host"),
            ("http://a:0", "expected a port"),
            ("http://a:70000", "expected a port"),
            ("http://a:b", "expected a port"),
            ("http://a:+1", "expected a port"),
            ("http://[::x]", "in brackets"),
            ("http://[::1]x", "in brackets"),
            ("http://a b", "expected no spaces"),
            ("http://a/#b", "expected no `#`"),
            ("http://::1", "in brackets"),
        ] {
            assert!(http(bad).contains(why), "{bad}: {}", http(bad));
        }
    }

    #[test]
    fn secrets_in_a_url_are_not_printed() {
        assert!(!http("http://me:hunter2@a").contains("hunter2"));
        let target = OtlpConfig::new()
            .endpoint("http://a/?token=hunter2")
            .target(Signal::Spans)
            .unwrap();
        assert_eq!(target.label(), "http://a/v1/traces");
    }
}
