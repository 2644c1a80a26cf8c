//! Hosts and ports, as `Host` headers and URLs have them.

/// The host, without credentials and without the brackets of an IPv6 address, and the port.
pub(crate) fn split(authority: &str) -> (&str, Option<u16>) {
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    if let Some(inside) = host.strip_prefix('[') {
        return match inside.split_once(']') {
            Some((address, rest)) => (address, rest.strip_prefix(':').and_then(port)),
            None => (host, None),
        };
    }
    match host.rsplit_once(':') {
        // More than one colon: an IPv6 address that nobody put into brackets.
        Some((name, text)) if !name.contains(':') => (name, port(text)),
        _ => (host, None),
    }
}

/// The port that a scheme has when none is written.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

fn port(text: &str) -> Option<u16> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_host_is_taken_apart() {
        for (authority, host, port) in [
            ("example.com", "example.com", None),
            ("example.com:8080", "example.com", Some(8080)),
            ("user:pass@example.com:1", "example.com", Some(1)),
            ("[::1]:80", "::1", Some(80)),
            ("[::1]", "::1", None),
            ("::1", "::1", None),
            ("[::1", "[::1", None),
            ("example.com:", "example.com", None),
            ("example.com:99999", "example.com", None),
            ("", "", None),
        ] {
            assert_eq!(split(authority), (host, port), "{authority}");
        }
    }
}
