//! The trait of errors that say what they mean.

use std::any;
use std::convert::Infallible;
use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;

use super::codes::Codes;
use super::dynamic::classify_dyn;
use super::kind::Class;
use super::meaning::Classification;

/// An error that says what it means.
///
/// `#[derive(Classify)]` writes this; by hand it is for errors whose meaning hangs on a value.
/// Implemented for the errors of the standard library, for `Box`, `Rc`, `Arc` and references of
/// such errors, and for `dyn Error`, where the first error of the source chain that has a meaning
/// gives it.
///
/// ```
/// use otel_runtime::class::{Class, Classification, Classify, Code, Codes};
///
/// struct Refused {
///     status: u16,
/// }
///
/// impl Classify for Refused {
///     const CODES: Codes = Codes::List(&[
///         Code { code: "THROTTLED", class: Class::ResourceExhausted },
///         Code { code: "REFUSED", class: Class::PermissionDenied },
///     ]);
///
///     fn classify(&self) -> Classification<'_> {
///         match self.status {
///             429 => Classification::new(Class::ResourceExhausted, "THROTTLED"),
///             _ => Classification::new(Class::PermissionDenied, "REFUSED"),
///         }
///     }
/// }
///
/// assert_eq!(Refused { status: 429 }.classify().code, "THROTTLED");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what its errors mean",
    label = "this needs `{Self}: Classify`",
    note = "derive it: `#[derive(Classify)]`, or give a function: `#[classify(with = path)]`"
)]
pub trait Classify {
    /// All codes that [`classify`](Self::classify) may give, [`Codes::Open`] among them if there
    /// may be others.
    ///
    /// A metric has a series for each of them from the beginning.
    const CODES: Codes;

    /// What this error means. Called on the thread that returned the error, once for each time it
    /// is returned; should neither block nor allocate.
    fn classify(&self) -> Classification<'_>;
}

impl<E: Classify + ?Sized> Classify for Box<E> {
    const CODES: Codes = E::CODES;

    fn classify(&self) -> Classification<'_> {
        (**self).classify()
    }
}

impl<E: Classify + ?Sized> Classify for Arc<E> {
    const CODES: Codes = E::CODES;

    fn classify(&self) -> Classification<'_> {
        (**self).classify()
    }
}

impl<E: Classify + ?Sized> Classify for Rc<E> {
    const CODES: Codes = E::CODES;

    fn classify(&self) -> Classification<'_> {
        (**self).classify()
    }
}

impl<E: Classify + ?Sized> Classify for &E {
    const CODES: Codes = E::CODES;

    fn classify(&self) -> Classification<'_> {
        (**self).classify()
    }
}

impl Classify for Infallible {
    const CODES: Codes = Codes::NONE;

    fn classify(&self) -> Classification<'_> {
        match *self {}
    }
}

macro_rules! dynamic {
    ($($error:ty),+) => {$(
        impl Classify for $error {
            const CODES: Codes = Codes::Open;

            fn classify(&self) -> Classification<'_> {
                classify_dyn(self)
                    .unwrap_or_else(|| Classification::new(Class::Unknown, any::type_name::<Self>()))
            }
        }
    )+};
}

dynamic!(dyn Error, dyn Error + Send, dyn Error + Send + Sync);
