//! What is accepted as a resource, and what is not: pure, sync, before any statement is run.

use otel_runtime::{Classify, traced};

use crate::model::{Description, ResourceId};

/// The longest name, version or search text, in characters.
pub const MAX_TEXT_CHARS: usize = 256;
/// The longest source, in characters; it is an address.
pub const MAX_SOURCE_CHARS: usize = 2048;
/// The most results one search gives.
pub const MAX_SEARCH_RESULTS: u32 = 1000;

/// Why a request was refused before it reached the database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Classify)]
#[classify(validation)]
pub enum ValidationError {
    /// A text that must say something says nothing.
    #[error("the {field} is empty")]
    Empty {
        /// Which text.
        field: &'static str,
    },
    /// A text is longer than allowed.
    #[error("the {field} is {chars} characters long; at most {max} are allowed")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// How long it is.
        chars: usize,
        /// How long it may be.
        max: usize,
    },
    /// A text holds a line break, a NUL or the like.
    #[error("the {field} holds the control character {character:?}")]
    ControlCharacter {
        /// Which text.
        field: &'static str,
        /// The first offender.
        character: char,
    },
    /// A text starts or ends with white space, which nobody can see.
    #[error("the {field} starts or ends with white space")]
    OuterWhitespace {
        /// Which text.
        field: &'static str,
    },
    /// A checksum is not 64 hexadecimal digits.
    #[error("the checksum `{checksum}` is not 64 lowercase hexadecimal digits")]
    Checksum {
        /// What was given.
        checksum: String,
    },
    /// The same dependency is listed twice.
    #[error("the dependency {dependency} is listed twice")]
    RepeatedDependency {
        /// Which one.
        dependency: ResourceId,
    },
    /// A search asks for none, or for too many.
    #[error("{limit} results were asked for; between 1 and {MAX_SEARCH_RESULTS} are possible")]
    Limit {
        /// How many were asked for.
        limit: u32,
    },
}

/// Accepts or refuses what a resource says of itself.
///
/// # Errors
/// The first rule that is broken.
#[traced]
pub fn validate_description(description: &Description) -> Result<(), ValidationError> {
    let Description { key, checksum } = description;
    validate_text("name", &key.name, MAX_TEXT_CHARS)?;
    validate_text("version", &key.version, MAX_TEXT_CHARS)?;
    if !key.source.is_empty() {
        validate_text("source", &key.source, MAX_SOURCE_CHARS)?;
    }
    match checksum {
        Some(checksum) if !is_sha256(checksum) => Err(ValidationError::Checksum {
            checksum: checksum.chars().take(MAX_TEXT_CHARS).collect(),
        }),
        _ => Ok(()),
    }
}

/// Accepts or refuses a list of dependencies.
///
/// # Errors
/// If one stands there twice.
#[traced(fields(dependency.count = dependencies.len()))]
pub fn validate_dependencies(dependencies: &[ResourceId]) -> Result<(), ValidationError> {
    let mut sorted = dependencies.to_vec();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(ValidationError::RepeatedDependency {
            dependency: pair[0],
        }),
        None => Ok(()),
    }
}

/// Accepts or refuses what somebody searches for.
///
/// # Errors
/// The first rule that is broken.
#[traced]
pub fn validate_search(text: &str, limit: u32) -> Result<(), ValidationError> {
    validate_text("search text", text, MAX_TEXT_CHARS)?;
    if limit == 0 || limit > MAX_SEARCH_RESULTS {
        return Err(ValidationError::Limit { limit });
    }
    Ok(())
}

fn validate_text(field: &'static str, text: &str, max: usize) -> Result<(), ValidationError> {
    if text.is_empty() {
        return Err(ValidationError::Empty { field });
    }
    let chars = text.chars().count();
    if chars > max {
        return Err(ValidationError::TooLong { field, chars, max });
    }
    if let Some(character) = text.chars().find(|character| character.is_control()) {
        return Err(ValidationError::ControlCharacter { field, character });
    }
    if text.trim() != text {
        return Err(ValidationError::OuterWhitespace { field });
    }
    Ok(())
}

fn is_sha256(checksum: &str) -> bool {
    checksum.len() == 64
        && checksum
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
