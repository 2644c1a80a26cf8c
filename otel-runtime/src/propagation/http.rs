//! Headers of HTTP as the `http` crate has them.

use http::header::GetAll;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Extractor, Injector};

/// What stands for a value that is no text: no format takes it.
const UNREADABLE: &str = "\u{fffd}";

impl Extractor for HeaderMap {
    fn get(&self, key: &str) -> Option<&str> {
        match known(key) {
            Some(key) => self.get(key).map(text),
            None => self.get(key).map(text),
        }
    }

    fn get_all(&self, key: &str) -> Vec<&str> {
        values(self, key).iter().map(text).collect()
    }

    fn get_only(&self, key: &str) -> Option<&str> {
        let mut values = values(self, key).iter();
        let only = values.next()?;
        values.next().is_none().then(|| text(only))
    }

    fn keys(&self) -> Vec<&str> {
        self.keys().map(HeaderName::as_str).collect()
    }
}

/// A value that no header can have is left out.
impl Injector for HeaderMap {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value)) {
            self.insert(name, value);
        }
    }

    fn remove(&mut self, key: &str) {
        self.remove(key);
    }
}

fn values<'a>(headers: &'a HeaderMap, key: &str) -> GetAll<'a, HeaderValue> {
    match known(key) {
        Some(key) => headers.get_all(key),
        None => headers.get_all(key),
    }
}

/// A name that every request is asked for by default: found without being parsed.
fn known(key: &str) -> Option<&'static HeaderName> {
    static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
    static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
    static BAGGAGE: HeaderName = HeaderName::from_static("baggage");
    match key {
        "traceparent" => Some(&TRACEPARENT),
        "tracestate" => Some(&TRACESTATE),
        "baggage" => Some(&BAGGAGE),
        _ => None,
    }
}

fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or(UNREADABLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagation::extract;
    use crate::span::Context;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_header_of_any_case_is_found() {
        let name = HeaderName::from_bytes(b"TraceParent").unwrap();
        let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(PARENT))]);
        let found = extract(&headers).span().unwrap();
        assert_eq!(found.span_id.to_string(), "b7ad6b7169203331");
    }

    #[test]
    fn a_header_that_is_no_text_or_repeated_begins_a_new_trace() {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", HeaderValue::from_bytes(b"00-\xff").unwrap());
        assert_eq!(extract(&headers), Context::NONE);
        headers.insert("traceparent", HeaderValue::from_static(PARENT));
        assert_ne!(extract(&headers), Context::NONE);
        headers.append("traceparent", HeaderValue::from_static(PARENT));
        assert_eq!(extract(&headers), Context::NONE);
    }

    #[test]
    fn what_no_header_can_hold_is_left_out() {
        let mut headers = HeaderMap::new();
        headers.set("b a d", "x".to_owned());
        headers.set("good", "line\nbreak".to_owned());
        assert!(headers.is_empty());
    }
}
