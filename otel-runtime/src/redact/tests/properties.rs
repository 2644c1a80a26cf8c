//! Whatever the text is.

use proptest::prelude::*;

use super::{Pattern, Redact, Redaction, Redactor, redactor};

/// Pieces that rules look for, and what they look for around them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,8}",
        "[a-zA-Z0-9_.:@=/ -]{0,12}",
        "[0-9 -]{0,20}",
        "[0-9a-f:.]{0,12}",
        prop::sample::select(vec![
            "password",
            "token",
            "=",
            ":",
            "\"",
            "'",
            "\\\"",
            " ",
            "://",
            "@",
            "%40",
            ".com",
            "Bearer ",
            "Basic ",
            "eyJ",
            "eyJhbGciOiJIUzI1NiJ9.",
            "ghp_",
            "0123456789abcdefghijABCDEFGHIJ",
            "sk-",
            "4111111111111111",
            "4111 1111",
            "10.0.0.1",
            "2001:db8::1",
            "-----BEGIN ",
            "PRIVATE KEY-----",
            "-----END ",
            "[redacted",
            "[redacted:email]",
            "://REDACTED:REDACTED",
            "SG.",
            "sk-abcdefghij01234567890123",
            "]",
            "Some(",
            "%3D",
            "ü",
            "“",
            "\n",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    #[cfg_attr(miri, ignore = "takes minutes, and has no unsafe code")]
    fn what_is_shown_has_nothing_to_hide_any_more(text in text(), hash: bool) {
        let redactor = redactor(if hash { Redact::Hash } else { Redact::Mask });
        if let Some(shown) = redactor.text(&text) {
            prop_assert!(shown.contains("[redacted"));
            prop_assert_eq!(redactor.text(&shown), None, "{} of {}", shown, text);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes minutes, and has no unsafe code")]
    fn nothing_is_overlooked_before_a_text_is_searched(text in text()) {
        let alone = Pattern::ALL.map(|pattern| Redaction::none().pattern(pattern, Redact::Mask));
        let by_name = Redaction::none().name("token", Redact::Mask).name("=x", Redact::Mask);
        for rules in alone.into_iter().chain([by_name, Redaction::credentials()]) {
            let redactor = Redactor::new(&rules);
            let found = redactor.search(&text, false);
            prop_assert_eq!(found, redactor.search_thoroughly(&text, false), "{:?}", rules);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes minutes, and has no unsafe code")]
    fn a_token_is_found_wherever_it_stands_alone(before in "[ -~]{0,20}", after in "[ -~]{0,20}") {
        let token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
        let text = format!("{before} {token} {after}");
        let shown = redactor(Redact::Mask).text(&text).unwrap_or(text);
        prop_assert!(!shown.contains(token), "{shown}");
    }
}

#[test]
fn what_was_part_of_a_longer_word_is_found_once_its_neighbour_is_hidden() {
    let redactor = redactor(Redact::Mask);
    let shown = redactor.text("27:::.z-@7.DS@").unwrap();
    assert_eq!(shown, "[redacted:ip]:.[redacted:email]@");
    assert_eq!(redactor.text(&shown), None);
}
