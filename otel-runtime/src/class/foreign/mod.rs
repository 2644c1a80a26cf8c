//! What the errors of others mean: those of the standard library always, those of a crate behind
//! the feature that is called like it.

/// Errors with a few meanings: a match, and the list of codes that belongs to it.
macro_rules! by_value {
    ($($error:ty: |$it:ident| $on:expr => { $($pattern:pat $(if $guard:expr)? => $code:literal $class:ident,)+ })+) => {$(
        impl Classify for $error {
            const CODES: Codes = Codes::List(&[
                $(Code { code: $code, class: Class::$class },)+
            ]);

            fn classify(&self) -> Classification<'_> {
                let $it = self;
                match $on {
                    $($pattern $(if $guard)? => Classification::new(Class::$class, $code),)+
                }
            }
        }
    )+};
}

#[cfg(feature = "hyper")]
mod hyper;
mod io;
mod library;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "anyhow", feature = "eyre"))]
mod report;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "serde_json")]
mod serde_json;
#[cfg(feature = "sqlx")]
mod sqlx;
#[cfg(feature = "tokio")]
mod tokio;
#[cfg(feature = "tonic")]
mod tonic;

use std::error::Error;

use super::dynamic::Look;
use super::meaning::Classification;

/// How the errors of this folder are recognised.
const KNOWN: &[&[Look]] = &[
    library::KNOWN,
    #[cfg(feature = "hyper")]
    hyper::KNOWN,
    #[cfg(feature = "redis")]
    redis::KNOWN,
    #[cfg(feature = "reqwest")]
    reqwest::KNOWN,
    #[cfg(feature = "serde_json")]
    serde_json::KNOWN,
    #[cfg(feature = "sqlx")]
    sqlx::KNOWN,
    #[cfg(feature = "tokio")]
    tokio::KNOWN,
    #[cfg(feature = "tonic")]
    tonic::KNOWN,
];

/// The meaning of an error, if it is one of those in this folder.
pub(super) fn classify<'a>(error: &'a (dyn Error + 'static)) -> Option<Classification<'a>> {
    KNOWN.iter().copied().flatten().find_map(|look| look(error))
}
