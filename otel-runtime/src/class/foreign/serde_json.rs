//! `serde_json`: texts that are no JSON, or not the JSON that was expected.

use serde_json::error::Category;

use crate::class::dynamic::{Look, look};
use crate::class::{Class, Classification, Classify, Code, Codes};

pub(super) const KNOWN: &[Look] = &[look::<serde_json::Error>];

by_value! {
    serde_json::Error: |error| error.classify() => {
        Category::Syntax => "serde_json::Syntax" InvalidArgument,
        Category::Data => "serde_json::Data" InvalidArgument,
        Category::Eof => "serde_json::Eof" InvalidArgument,
        Category::Io => "serde_json::Io" Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_text_is_told() {
        let error = serde_json::from_str::<Vec<u8>>("[1").unwrap_err();
        let meaning = Classify::classify(&error);
        assert_eq!(
            meaning,
            Classification::new(Class::InvalidArgument, "serde_json::Eof")
        );
        let error = serde_json::from_str::<u8>("\"x\"").unwrap_err();
        assert_eq!(Classify::classify(&error).code, "serde_json::Data");
    }
}
