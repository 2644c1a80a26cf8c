//! What an error means whose type is not known here.
//!
//! A list of the error types that classify themselves, filled before `main` by
//! the derive; the errors of the standard library need no entry.

use std::error::Error;

use super::classify::Classify;
use super::foreign;
use super::meaning::Classification;
use crate::registry::{Link, Linked, List};

/// How errors of a type that classifies itself are recognised behind `dyn Error`. There is one
/// for each such type of the program.
#[derive(Debug)]
pub struct Classifier {
    look: Look,
    link: Link<Self>,
}

/// The meaning, if the error is of the type in question.
pub type Look = for<'a> fn(&'a (dyn Error + 'static)) -> Option<Classification<'a>>;

static CLASSIFIERS: List<Classifier> = List::new();

/// Causes of causes beyond this many are not looked at: a chain may be a circle.
const LONGEST_CHAIN: usize = 32;

impl Classifier {
    /// Recognises what this function does.
    #[must_use]
    pub const fn new(look: Look) -> Self {
        Self {
            look,
            link: Link::new(),
        }
    }
}

impl Linked for Classifier {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

/// Puts a classifier on the program's list; generated code has the loader call it.
pub extern "C" fn register_classifier(classifier: &'static Classifier) {
    CLASSIFIERS.push(classifier);
}

/// The meaning of the error, if it is an `E`.
pub(super) fn look<'a, E: Classify + Error + 'static>(
    error: &'a (dyn Error + 'static),
) -> Option<Classification<'a>> {
    error.downcast_ref::<E>().map(Classify::classify)
}

/// What the error means, or the first in the chain of its sources that has a meaning.
///
/// Costs a comparison of types for each known error type and link of the chain.
///
/// ```
/// use otel_runtime::class::{Class, classify_dyn};
///
/// let error: Box<dyn std::error::Error> = "seven".parse::<u8>().unwrap_err().into();
/// assert_eq!(classify_dyn(&*error).unwrap().class, Class::InvalidArgument);
/// ```
#[must_use]
pub fn classify_dyn<'a>(error: &'a (dyn Error + 'static)) -> Option<Classification<'a>> {
    let mut link = Some(error);
    for _ in 0..LONGEST_CHAIN {
        let error = link?;
        let known = classify_alone(error);
        if known.is_some() {
            return known;
        }
        link = error.source();
    }
    None
}

/// What the error means, whatever its sources mean.
pub(crate) fn classify_alone<'a>(error: &'a (dyn Error + 'static)) -> Option<Classification<'a>> {
    CLASSIFIERS
        .iter()
        .find_map(|classifier| (classifier.look)(error))
        .or_else(|| foreign::classify(error))
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;

    use super::*;
    use crate::class::{Class, Codes};

    #[derive(Debug)]
    struct Outer(Option<Box<dyn Error>>);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("outer")
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.0.as_deref()
        }
    }

    #[derive(Debug)]
    struct Known;

    impl fmt::Display for Known {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("known")
        }
    }

    impl Error for Known {}

    impl Classify for Known {
        const CODES: Codes = Codes::Open;

        fn classify(&self) -> Classification<'_> {
            Classification::new(Class::Aborted, "KNOWN")
        }
    }

    static KNOWN: Classifier = Classifier::new(look::<Known>);

    #[test]
    fn the_first_known_error_of_the_chain_gives_the_meaning() {
        register_classifier(&KNOWN);
        let io = io::Error::from(io::ErrorKind::NotFound);
        let chain = Outer(Some(Box::new(Outer(Some(Box::new(io))))));
        assert_eq!(classify_dyn(&chain).unwrap().class, Class::NotFound);
        let chain = Outer(Some(Box::new(Known)));
        assert_eq!(classify_dyn(&chain).unwrap().code, "KNOWN");
        assert_eq!(classify_dyn(&Outer(None)), None);
    }

    #[test]
    fn a_box_of_an_unknown_error_is_of_class_unknown() {
        let error: Box<dyn Error + Send + Sync> = "just words".into();
        let meaning = error.classify();
        assert_eq!(meaning.class, Class::Unknown);
        assert!(meaning.code.contains("dyn"), "{}", meaning.code);
    }

    #[test]
    fn a_chain_that_is_a_circle_ends() {
        #[derive(Debug)]
        struct Circle;
        impl fmt::Display for Circle {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("circle")
            }
        }
        impl Error for Circle {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&Circle)
            }
        }
        assert_eq!(classify_dyn(&Circle), None);
    }
}
