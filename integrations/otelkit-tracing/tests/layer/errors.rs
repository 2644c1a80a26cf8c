//! Errors as values of fields.

use std::error::Error;

use otel_runtime::export::{Outcome, ValueData};
use tracing::{field, info_span};

use crate::capture;

#[derive(Debug, otel_runtime::Classify)]
#[classify(unavailable, code = "STORE_GONE")]
pub(crate) struct Gone(std::fmt::Error);

impl Gone {
    pub(crate) fn new() -> Self {
        Self(std::fmt::Error)
    }
}

impl std::fmt::Display for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the store is gone")
    }
}

impl Error for Gone {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn an_error_brings_its_class_and_its_causes() {
    let capture = capture();
    let theirs = info_span!("theirs", error = field::Empty);
    let gone = Gone::new();
    let error: &(dyn Error + 'static) = &gone;
    theirs.record("error", error);
    drop(theirs);
    let spans = capture.finish();
    let span = spans.named("theirs");
    let text = |text: &str| Some(ValueData::Str(text.into()));
    assert_eq!(span.outcome, Outcome::Error);
    assert_eq!(span.attribute("error").cloned(), text("the store is gone"));
    assert_eq!(span.attribute("error.type").cloned(), text("STORE_GONE"));
    assert_eq!(
        span.attribute("otelkit.error.class").cloned(),
        text("unavailable")
    );
    let event = &span.events[0];
    assert_eq!(event.name, "exception");
    let chain = event
        .attributes
        .iter()
        .find(|(key, _)| key == "exception.chain");
    let causes = vec![std::fmt::Error.to_string()];
    assert_eq!(chain.unwrap().1, ValueData::Strs(causes));
}
