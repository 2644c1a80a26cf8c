//! Hosts and ports, as `Host` headers and URLs have them.

/// The host, without credentials and without the brackets of an IPv6 address, and the port.
pub(crate) fn split(authority: &str) -> (&str, Option<u16>) {
    // Texts are short: one loop over them is cheaper than what searches long ones.
    let (mut begin, mut colons, mut last_colon) = (0, 0, 0);
    for (at, byte) in authority.bytes().enumerate().rev() {
        if byte == b':' {
            last_colon = if colons == 0 { at } else { last_colon };
            colons += 1;
        } else if byte == b'@' {
            begin = at + 1;
            break;
        }
    }
    let host = &authority[begin..];
    if let Some(inside) = host.strip_prefix('[') {
        return match inside.split_once(']') {
            Some((address, rest)) => (address, rest.strip_prefix(':').and_then(port)),
            None => (host, None),
        };
    }
    match colons {
        1 => (
            &authority[begin..last_colon],
            port(&authority[last_colon + 1..]),
        ),
        // More than one: an IPv6 address that nobody put into brackets.
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
