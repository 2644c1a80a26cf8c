//! What does this error mean, if its type says so at all?
//!
//! Generated code asks without knowing the type. At run time it calls a method
//! behind several references, and the compiler takes the first implementation
//! that fits; at compile time it names a constant, and an inherent one stands
//! above that of a trait. Nothing of this is left in the program but the
//! answer.

use std::any;
use std::error::Error;
use std::marker::PhantomData;

use super::dynamic::{Look, look};
use super::{Class, Classification, Classify, Codes, classify_dyn};

/// A returned value, to be asked what its error means.
#[derive(Debug)]
pub struct ResultProbe<'a, T: ?Sized>(pub &'a T);

/// An error, to be asked what it means.
#[derive(Debug)]
pub struct ErrorProbe<'a, E: ?Sized>(pub &'a E);

/// What generated code brings into scope: the methods and constants, and no name.
pub mod traits {
    pub use super::{
        AnyCodes as _, AnyErrorTypeName as _, AnyLook as _, AnyMeaning as _, MeaningAsRef as _,
        MeaningAsSendRef as _, MeaningByClassify as _,
    };
}

type DynError = dyn Error + 'static;
type DynSendError = dyn Error + Send + Sync + 'static;

/// Declares how one kind of error says what it means.
macro_rules! meaning {
    ($meaning:ident, $at:ty, $error_at:ty, [$($bound:tt)+], |$it:ident| $classify:expr) => {
        #[doc(hidden)]
        pub trait $meaning<'a> {
            fn meaning(&self) -> Option<Classification<'a>>;
        }

        impl<'a, T, E: $($bound)+> $meaning<'a> for $at {
            #[inline]
            fn meaning(&self) -> Option<Classification<'a>> {
                match self.0 {
                    Ok(_) => None,
                    Err($it) => $classify,
                }
            }
        }

        impl<'a, E: $($bound)+> $meaning<'a> for $error_at {
            #[inline]
            fn meaning(&self) -> Option<Classification<'a>> {
                let $it = self.0;
                $classify
            }
        }
    };
}

meaning!(
    MeaningByClassify,
    &&&ResultProbe<'a, Result<T, E>>,
    &&&ErrorProbe<'a, E>,
    [Classify],
    |error| Some(error.classify())
);
meaning!(
    MeaningAsRef,
    &&ResultProbe<'a, Result<T, E>>,
    &&ErrorProbe<'a, E>,
    [AsRef<DynError>],
    |error| classify_dyn(AsRef::<DynError>::as_ref(error))
);
meaning!(
    MeaningAsSendRef,
    &ResultProbe<'a, Result<T, E>>,
    &ErrorProbe<'a, E>,
    [AsRef<DynSendError>],
    |error| classify_dyn(AsRef::<DynSendError>::as_ref(error))
);

#[doc(hidden)]
pub trait AnyMeaning<'a> {
    fn meaning(&self) -> Option<Classification<'a>>;
}

impl<'a, T: ?Sized> AnyMeaning<'a> for ResultProbe<'a, T> {
    #[inline]
    fn meaning(&self) -> Option<Classification<'a>> {
        None
    }
}

impl<'a, E: ?Sized> AnyMeaning<'a> for ErrorProbe<'a, E> {
    #[inline]
    fn meaning(&self) -> Option<Classification<'a>> {
        None
    }
}

/// The meaning, or that of an error of which nobody says what it means.
#[must_use]
pub fn or_unknown<'a, E: ?Sized>(
    meaning: Option<Classification<'a>>,
    _error: &'a E,
) -> Classification<'a> {
    meaning.unwrap_or_else(|| Classification::new(Class::Unknown, any::type_name::<E>()))
}

/// The codes of the errors of `T`: those of `E` where `T` is a `Result<_, E>` and `E` says which
/// they are, else [`Codes::Open`]. The inherent constant stands above the trait's.
#[derive(Debug)]
pub struct CodesOf<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<T, E: Classify> CodesOf<Result<T, E>> {
    /// The codes that the error type declares.
    pub const CODES: Codes = E::CODES;
}

#[doc(hidden)]
pub trait AnyCodes {
    const CODES: Codes = Codes::Open;
}

impl<T: ?Sized> AnyCodes for CodesOf<T> {}

/// What the error type of `T` is called, where `T` is a `Result`; else nothing.
#[derive(Debug)]
pub struct ErrorTypeOf<T: ?Sized>(PhantomData<fn() -> Box<T>>);

impl<T, E> ErrorTypeOf<Result<T, E>> {
    /// Says what it is called.
    pub const NAME: Option<fn() -> &'static str> = Some(any::type_name::<E>);
}

#[doc(hidden)]
pub trait AnyErrorTypeName {
    const NAME: Option<fn() -> &'static str> = None;
}

impl<T: ?Sized> AnyErrorTypeName for ErrorTypeOf<T> {}

/// How an error type is recognised behind `dyn Error`: not at all if it is none.
#[derive(Debug)]
pub struct LookOf<E: ?Sized>(PhantomData<fn() -> Box<E>>);

impl<E: Classify + Error + 'static> LookOf<E> {
    /// Recognises the type.
    pub const LOOK: Look = look::<E>;
}

#[doc(hidden)]
pub trait AnyLook {
    const LOOK: Look = |_| None;
}

impl<E: ?Sized> AnyLook for LookOf<E> {}

#[cfg(test)]
#[allow(
    clippy::needless_borrow,
    reason = "generated code does not count its references"
)]
mod tests {
    use std::fmt;

    use super::traits::*;
    use super::*;

    struct Silent;

    struct Boxed(Box<dyn Error>);

    impl AsRef<DynError> for Boxed {
        fn as_ref(&self) -> &DynError {
            &*self.0
        }
    }

    #[test]
    fn the_most_telling_implementation_answers() {
        let known: Result<(), fmt::Error> = Err(fmt::Error);
        let meaning = (&&&&ResultProbe(&known)).meaning();
        assert_eq!(meaning.unwrap().class, Class::Internal);
        let boxed: Result<(), Boxed> = Err(Boxed("x".parse::<u8>().unwrap_err().into()));
        let meaning = (&&&&ResultProbe(&boxed)).meaning();
        assert_eq!(meaning.unwrap().class, Class::InvalidArgument);
        let silent: Result<(), Silent> = Err(Silent);
        assert_eq!((&&&&ResultProbe(&silent)).meaning(), None);
        assert_eq!((&&&&ErrorProbe(&Silent)).meaning(), None);
        assert_eq!((&&&&ResultProbe(&7)).meaning(), None);
    }

    #[test]
    fn the_codes_are_those_of_the_error_type_or_open() {
        assert_eq!(CodesOf::<Result<u8, fmt::Error>>::CODES.len(), 1);
        assert!(CodesOf::<Result<u8, Silent>>::CODES.is_open());
        assert!(CodesOf::<u8>::CODES.is_open());
        let name = ErrorTypeOf::<Result<u8, Silent>>::NAME.map(|name| name());
        assert_eq!(name, Some(any::type_name::<Silent>()));
        assert!(ErrorTypeOf::<u8>::NAME.is_none());
    }
}
