//! The bridge where it should not be.

use otel_runtime::traced;
use otelkit_observed::assert_text;
use otelkit_opentelemetry::{Bridge, InstallError};

use crate::library;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[test]
fn a_second_bridge_is_refused_and_the_first_goes_on() {
    let mut observed = crate::start();
    let error = Bridge::new().install().unwrap_err();
    assert_eq!(error, InstallError::AlreadyInstalled);
    assert!(error.to_string().contains("already"));
    assert_eq!(Bridge::new().hide_spans().install(), Err(error));
    ours(|| library::leaf("leaf"));
    let expected = "
        internal `ours`
          internal `leaf`
    ";
    assert_text(&observed.tree(2, &[]), expected);
}
