//! Whatever a text holds, hiding what nobody shall see does not panic, and what is shown afterwards
//! holds nothing to hide any more. And a text that is not searched holds nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_runtime::redact::fuzzed::{is_overlooked, redacted};

// a bit for whether values are hashed, and a text
fuzz_target!(|input: (bool, &str)| {
    let (hash, text) = input;
    assert!(!is_overlooked(text), "{text:?}");
    if let Some(shown) = redacted(text, hash) {
        assert!(shown.contains("[redacted"), "{shown:?}");
        assert_eq!(redacted(&shown, hash), None, "{shown:?} of {text:?}");
    }
});
