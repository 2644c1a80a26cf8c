//! Lists of keys and values, in the format of
//! [W3C Baggage](https://www.w3.org/TR/baggage/#header-content) without properties.

/// What is wrong with an entry of a list. It does not repeat the entry's
/// value, which may be a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListProblem {
    pub(super) reason: String,
}

/// The entries of `key1=value1,key2=value2`, percent-decoded.
///
/// White space around keys and values goes, an empty entry is skipped, and a
/// `=` inside a value stands for itself.
pub(super) fn entries(text: &str) -> Result<Vec<(String, String)>, ListProblem> {
    let mut entries = Vec::new();
    for (index, entry) in text.split(',').enumerate() {
        let entry = entry.trim();
        if entry.is_empty() {
            continue;
        }
        let place = || format!("entry {}", index + 1);
        let Some((key, value)) = entry.split_once('=') else {
            return Err(problem(format!("{} has no `=`", place())));
        };
        let key = decode(key.trim()).map_err(|why| problem(format!("{}: {why}", place())))?;
        if key.is_empty() {
            return Err(problem(format!("{} has no key", place())));
        }
        let value = decode(value.trim()).map_err(|why| problem(format!("key `{key}`: {why}")))?;
        entries.push((key, value));
    }
    Ok(entries)
}

fn problem(reason: String) -> ListProblem {
    ListProblem { reason }
}

fn decode(text: &str) -> Result<String, &'static str> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return Err("a `%` must be followed by two hexadecimal digits; write `%25` for itself");
        };
        decoded.push((high << 4 | low) as u8);
    }
    String::from_utf8(decoded).map_err(|_| "percent-decoding does not give UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        entries(text).unwrap()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn a_list_is_split_trimmed_and_percent_decoded() {
        assert_eq!(pairs(""), []);
        assert_eq!(pairs("a=1"), [pair("a", "1")]);
        assert_eq!(
            pairs(" a = 1 ,b=2\t, c="),
            [pair("a", "1"), pair("b", "2"), pair("c", "")]
        );
        assert_eq!(pairs("k%3D=v%2Cw"), [pair("k=", "v,w")]);
        assert_eq!(pairs("name=caf%C3%A9"), [pair("name", "café")]);
        assert_eq!(pairs("a=%20x%20"), [pair("a", " x ")]);
        assert_eq!(pairs("a=1+1"), [pair("a", "1+1")]);
    }

    #[test]
    fn empty_entries_are_skipped_and_equals_signs_in_values_kept() {
        assert_eq!(pairs(",a=1,,b=2,"), [pair("a", "1"), pair("b", "2")]);
        assert_eq!(
            pairs("authorization=Basic dXNlcjpwYXNz=="),
            [pair("authorization", "Basic dXNlcjpwYXNz==")]
        );
    }

    #[test]
    fn what_is_no_list_is_refused_without_repeating_its_values() {
        for (text, expected) in [
            ("secret", "entry 1 has no `=`"),
            ("a=1,secret", "entry 2 has no `=`"),
            ("=secret", "entry 1 has no key"),
            ("a=sec%ret", "key `a`: a `%` must be followed"),
            ("a=secret%", "key `a`: a `%` must be followed"),
            ("a=secret%f", "key `a`: a `%` must be followed"),
            (
                "a=secret%ff",
                "key `a`: percent-decoding does not give UTF-8",
            ),
            ("%zz=secret", "entry 1: a `%` must be followed"),
        ] {
            let reason = entries(text).unwrap_err().reason;
            assert!(reason.starts_with(expected), "{text}: {reason}");
            assert!(!reason.contains("secret"), "{reason}");
        }
    }
}
