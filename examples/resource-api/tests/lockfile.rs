//! The parser of lock files, by itself.

use std::path::Path;

use proptest::prelude::*;
use resource_api::lockfile::parse_lockfile;

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_every_refusal_is_one_line(text in "(?s).{0,200}") {
        if let Err(error) = parse_lockfile(Path::new("Cargo.lock"), &text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn no_dependency_makes_it_panic(written in "[a-z0-9 ().+#\u{e9}]{0,40}") {
        let text = format!(
            "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [{written:?}]\n"
        );
        match parse_lockfile(Path::new("Cargo.lock"), &text) {
            Ok(lockfile) => prop_assert_eq!(lockfile.dependency_count(), 1),
            Err(error) => prop_assert_eq!(error.to_string().lines().count(), 1),
        }
    }
}
