//! Metadata as a carrier of contexts, for calls that no layer sees.

use otel_runtime::propagation::{Extractor, Injector};
use tonic::metadata::{Ascii, AsciiMetadataKey, KeyRef, MetadataMap, MetadataValue};

/// Reads a context from metadata.
///
/// ```
/// use otelkit_tonic::MetadataExtractor;
/// use otel_runtime::propagation;
///
/// fn caller<T>(request: &tonic::Request<T>) -> otel_runtime::Context {
///     propagation::extract(&MetadataExtractor(request.metadata()))
/// }
/// # assert!(caller(&tonic::Request::new(())).span().is_none());
/// ```
#[derive(Debug)]
pub struct MetadataExtractor<'a>(pub &'a MetadataMap);

/// Writes a context to metadata.
///
/// ```
/// use otelkit_tonic::MetadataInjector;
/// use otel_runtime::propagation;
///
/// let mut request = tonic::Request::new(());
/// propagation::inject(&mut MetadataInjector(request.metadata_mut()));
/// ```
#[derive(Debug)]
pub struct MetadataInjector<'a>(pub &'a mut MetadataMap);

/// What stands for a value that is no text: no format takes it.
const UNREADABLE: &str = "\u{fffd}";

impl Extractor for MetadataExtractor<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(text)
    }

    fn get_all(&self, key: &str) -> Vec<&str> {
        self.0.get_all(key).iter().map(text).collect()
    }

    fn get_only(&self, key: &str) -> Option<&str> {
        let mut values = self.0.get_all(key).iter();
        let only = values.next()?;
        values.next().is_none().then(|| text(only))
    }

    fn keys(&self) -> Vec<&str> {
        let keys = self.0.keys().map(|key| match key {
            KeyRef::Ascii(key) => key.as_str(),
            KeyRef::Binary(key) => key.as_str(),
        });
        keys.collect()
    }
}

/// A value that no metadata can have is left out.
impl Injector for MetadataInjector<'_> {
    fn set(&mut self, key: &str, value: String) {
        let key = AsciiMetadataKey::from_bytes(key.as_bytes());
        if let (Ok(key), Ok(value)) = (key, MetadataValue::try_from(value)) {
            self.0.insert(key, value);
        }
    }

    fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }
}

fn text(value: &MetadataValue<Ascii>) -> &str {
    value.to_str().unwrap_or(UNREADABLE)
}

#[cfg(test)]
mod tests {
    use otel_runtime::Context;
    use otel_runtime::propagation::{extract, inject_context};

    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_context_comes_back_from_metadata() {
        let mut metadata = MetadataMap::new();
        metadata.insert("traceparent", PARENT.parse().unwrap());
        metadata.insert("baggage", "a=1".parse().unwrap());
        metadata.append("baggage", "b=2".parse().unwrap());
        let found = extract(&MetadataExtractor(&metadata));
        assert_eq!(found.baggage().len(), 2);
        let mut written = MetadataMap::new();
        inject_context(found, &mut MetadataInjector(&mut written));
        assert_eq!(written.get("traceparent").unwrap(), PARENT);
        assert_eq!(written.get("baggage").unwrap(), "a=1,b=2");
    }

    #[test]
    fn what_is_no_text_or_repeated_names_nobody() {
        let mut metadata = MetadataMap::new();
        let unreadable = MetadataValue::try_from(&b"00-\xff"[..]).unwrap();
        metadata.insert("traceparent", unreadable);
        assert_eq!(extract(&MetadataExtractor(&metadata)), Context::NONE);
        metadata.insert("traceparent", PARENT.parse().unwrap());
        metadata.append("traceparent", PARENT.parse().unwrap());
        assert_eq!(extract(&MetadataExtractor(&metadata)), Context::NONE);
        MetadataInjector(&mut metadata).set("bad key", "x".to_owned());
        MetadataInjector(&mut metadata).set("good", "line\nbreak".to_owned());
        assert_eq!(metadata.len(), 2);
    }
}
