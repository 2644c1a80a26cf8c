//! What the error of `tower::timeout` means.

use std::error::Error;

use otel_runtime::class::{Class, Classification, Classifier, register_classifier};
use tower::timeout::error::Elapsed;

static ELAPSED: Classifier = Classifier::new(look);

/// From now on the error is known wherever it comes from. A second call does nothing.
pub(crate) fn register() {
    register_classifier(&ELAPSED);
}

fn look<'a>(error: &'a (dyn Error + 'static)) -> Option<Classification<'a>> {
    error
        .is::<Elapsed>()
        .then(|| Classification::new(Class::DeadlineExceeded, "tower::Elapsed"))
}
