//! The heads of actix-web's requests and responses, which have the types of an older `http`.

use std::borrow::Cow;

use actix_web::dev::ServiceRequest;
use actix_web::http::Version;
use actix_web::http::header::HeaderMap;
use otel_runtime::propagation::Extractor;
use otelkit_http::{Headers, RequestHead};

pub(crate) struct Head<'a>(pub(crate) &'a ServiceRequest);

pub(crate) struct HeadersOf<'a>(pub(crate) &'a HeaderMap);

/// What stands for a value that is no text: no format of a parent takes it.
const UNREADABLE: &str = "\u{fffd}";

impl Headers for HeadersOf<'_> {
    fn each_value(&self, name: &str, show: &mut dyn FnMut(&[u8])) {
        self.0
            .get_all(name)
            .for_each(|value| match value.is_sensitive() {
                true => show(b"REDACTED"),
                false => show(value.as_bytes()),
            });
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.0
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
    }
}

impl Extractor for HeadersOf<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let value = self.0.get(key)?;
        Some(value.to_str().unwrap_or(UNREADABLE))
    }

    fn get_all(&self, key: &str) -> Vec<&str> {
        let values = self.0.get_all(key);
        values
            .map(|value| value.to_str().unwrap_or(UNREADABLE))
            .collect()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}

impl Headers for Head<'_> {
    fn each_value(&self, name: &str, show: &mut dyn FnMut(&[u8])) {
        HeadersOf(self.0.headers()).each_value(name, show);
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let value = self.0.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()))
    }
}

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        self.0.method().as_str()
    }

    fn path(&self) -> &str {
        self.0.path()
    }

    fn query(&self) -> Option<&str> {
        self.0.uri().query()
    }

    fn scheme(&self) -> Option<&str> {
        let is_secure = self.0.app_config().secure().then_some("https");
        self.0.uri().scheme_str().or(is_secure)
    }

    fn authority(&self) -> Option<&str> {
        self.0.uri().authority().map(|authority| authority.as_str())
    }

    fn version(&self) -> Option<&'static str> {
        Some(match self.0.version() {
            Version::HTTP_09 => "0.9",
            Version::HTTP_10 => "1.0",
            Version::HTTP_11 => "1.1",
            Version::HTTP_2 => "2",
            Version::HTTP_3 => "3",
            _ => return None,
        })
    }
}
