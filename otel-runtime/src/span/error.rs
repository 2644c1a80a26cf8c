//! What is said of an error that is recorded by hand.

use std::error::Error;

use super::observer::ErrorView;
use super::stack;
use crate::class::{Class, Classification, classify_alone};

/// What an error that is recorded by hand means, where its type does not say so, and how much of
/// it is kept.
///
/// ```
/// use otel_runtime::{ErrorOptions, class::Class, record_error_with};
///
/// let error = std::io::Error::other("the cache is gone");
/// let options = ErrorOptions::new().class(Class::Unavailable).code("CACHE_GONE");
/// record_error_with(&error, options);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "options do nothing until an error is recorded with them"]
pub struct ErrorOptions<'a> {
    class: Option<Class>,
    code: Option<&'a str>,
    stack_trace: bool,
}

impl<'a> ErrorOptions<'a> {
    /// Everything as the error's type says.
    pub const fn new() -> Self {
        Self {
            class: None,
            code: None,
            stack_trace: false,
        }
    }

    /// The error is of this class.
    pub const fn class(mut self, class: Class) -> Self {
        self.class = Some(class);
        self
    }

    /// The error has this code, `error.type`.
    pub const fn code(mut self, code: &'a str) -> Self {
        self.code = Some(code);
        self
    }

    /// Keep the stack of the calling thread. This allocates, and takes milliseconds the first
    /// time.
    pub const fn stack_trace(mut self) -> Self {
        self.stack_trace = true;
        self
    }

    /// True if the stack is kept.
    pub(super) fn wants_stack(&self) -> bool {
        self.stack_trace || stack::is_wanted_everywhere()
    }

    /// The error with what is said here.
    pub(super) fn view<E: Error + 'static>(&self, error: &'a E) -> ErrorView<'a> {
        let view = ErrorView::of(error);
        let own = classify_alone(error);
        let meaning = match (self.class, own) {
            (Some(class), Some(own)) => Some(Classification::new(class, own.code)),
            (Some(class), None) => Some(Classification::new(class, view.type_name)),
            (None, own) => own,
        };
        ErrorView {
            meaning: match (self.code, meaning) {
                (Some(code), Some(meaning)) => Some(meaning.with_code(code)),
                (Some(code), None) => Some(Classification::new(Class::Unknown, code)),
                (None, meaning) => meaning,
            },
            ..view
        }
    }
}
