//! Does what a function returned say that it failed?
//!
//! Generated code asks without knowing the type: it calls a method on a
//! [`Probe`] behind several references, and the compiler takes the first
//! implementation that fits, from the most telling one to none at all
//! ("autoref specialisation"). Nothing of this exists at run time but the call
//! that was chosen.

use std::any;
use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::task::Poll;

use super::{ErrorView, Observer};
use crate::class::Classification;

/// A returned value, to be asked for an error or a value.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// An error, what its type is called, whether it was expected, and what it means.
#[derive(Debug)]
pub struct ErrorProbe<'a, E: ?Sized>(
    pub &'a E,
    pub &'static str,
    pub bool,
    pub Option<Classification<'a>>,
);

/// What the error in a returned value means, if that can be known; asked only of an error.
pub type Meaning<R> = for<'a> fn(&'a R) -> Option<Classification<'a>>;

/// What generated code brings into scope: the methods, and no name.
pub mod traits {
    pub use super::{
        AnyErrorType as _, AnyOutcome as _, AnyValue as _, ErrorAsRef as _, ErrorAsSendRef as _,
        ErrorByDebug as _, ErrorByDisplay as _, ErrorByError as _, OutcomeAsRef as _,
        OutcomeAsSendRef as _, OutcomeByDebug as _, OutcomeByDisplay as _, OutcomeByError as _,
        OutcomeOfResult as _, ValueOfResult as _,
    };
    pub use crate::class::probe::traits::*;
}

type DynError = dyn Error + 'static;
type DynSendError = dyn Error + Send + Sync + 'static;

/// Declares both probes' implementation for one kind of error.
macro_rules! by {
    ($outcome:ident $error:ident, $at:ty, $error_at:ty, [$($bound:tt)+],
     |$it:ident| $message:expr, $debug:expr, $source:expr) => {
        #[doc(hidden)]
        pub trait $outcome<R> {
            fn outcome(&self, meaning: Meaning<R>, observer: &mut Observer<'_>);
        }

        impl<T, E: $($bound)+> $outcome<Result<T, E>> for $at {
            #[inline]
            fn outcome(&self, meaning: Meaning<Result<T, E>>, observer: &mut Observer<'_>) {
                /// Out of line: what is seen of an error needs stack that every call would pay.
                #[cold]
                #[inline(never)]
                fn failed<T, E: $($bound)+>(
                    out: &Result<T, E>,
                    meaning: Meaning<Result<T, E>>,
                    observer: &mut Observer<'_>,
                ) {
                    let Err($it) = out else { return };
                    observer.error(&ErrorView {
                        type_name: any::type_name::<E>(),
                        message: $message,
                        debug: $debug,
                        source: $source,
                        is_expected: false,
                        meaning: meaning(out),
                    });
                }
                if self.0.is_err() {
                    failed(self.0, meaning, observer);
                }
            }
        }

        #[doc(hidden)]
        pub trait $error {
            fn error(&self, observer: &mut Observer<'_>);
        }

        impl<E: $($bound)+> $error for $error_at {
            #[cold]
            #[inline(never)]
            fn error(&self, observer: &mut Observer<'_>) {
                let $it = self.0;
                observer.error(&ErrorView {
                    type_name: self.1,
                    message: $message,
                    debug: $debug,
                    source: $source,
                    is_expected: self.2,
                    meaning: self.3,
                });
            }
        }
    };
}

by!(
    OutcomeByError ErrorByError,
    &&&&&&Probe<'_, Result<T, E>>,
    &&&&&ErrorProbe<'_, E>,
    [Error],
    |error| Some(error), None, error.source()
);
by!(
    OutcomeAsRef ErrorAsRef,
    &&&&&Probe<'_, Result<T, E>>,
    &&&&ErrorProbe<'_, E>,
    [AsRef<DynError> + Display],
    |error| Some(error), None, AsRef::<DynError>::as_ref(error).source()
);
by!(
    OutcomeAsSendRef ErrorAsSendRef,
    &&&&Probe<'_, Result<T, E>>,
    &&&ErrorProbe<'_, E>,
    [AsRef<DynSendError> + Display],
    |error| Some(error), None, AsRef::<DynSendError>::as_ref(error).source()
);
by!(
    OutcomeByDisplay ErrorByDisplay,
    &&&Probe<'_, Result<T, E>>,
    &&ErrorProbe<'_, E>,
    [Display],
    |error| Some(error), None, None
);
by!(
    OutcomeByDebug ErrorByDebug,
    &&Probe<'_, Result<T, E>>,
    &ErrorProbe<'_, E>,
    [Debug],
    |error| None, Some(error), None
);
by!(
    OutcomeOfResult AnyErrorType,
    &Probe<'_, Result<T, E>>,
    ErrorProbe<'_, E>,
    [Sized],
    |_error| None, None, None
);

#[doc(hidden)]
pub trait AnyOutcome<R: ?Sized> {
    fn outcome(&self, meaning: Meaning<R>, observer: &mut Observer<'_>);
}

impl<T: ?Sized> AnyOutcome<T> for Probe<'_, T> {
    #[inline]
    fn outcome(&self, _: Meaning<T>, _: &mut Observer<'_>) {}
}

#[doc(hidden)]
pub trait ValueOfResult<'a, T> {
    fn value(&self) -> Option<&'a T>;
}

impl<'a, T, E> ValueOfResult<'a, T> for Probe<'a, Result<T, E>> {
    #[inline]
    fn value(&self) -> Option<&'a T> {
        self.0.as_ref().ok()
    }
}

#[doc(hidden)]
pub trait AnyValue<'a, T: ?Sized> {
    fn value(&self) -> Option<&'a T>;
}

impl<'a, T: ?Sized> AnyValue<'a, T> for &Probe<'a, T> {
    #[inline]
    fn value(&self) -> Option<&'a T> {
        Some(self.0)
    }
}

/// The operand of a `?` in a function that returns an `Out`: its error is converted as the `?`
/// would do it, and looked at on its way out.
///
/// Tracks its caller, as the conversion in a `?` does.
pub trait Question<Out> {
    /// What the `?` is applied to then.
    type Converted;

    #[doc(hidden)]
    fn __otelkit_question(self, look: impl FnOnce(&Out)) -> Self::Converted;
}

#[track_caller]
fn converted<E, U, F: From<E>>(error: E, look: impl FnOnce(&Result<U, F>)) -> F {
    let out = Err(F::from(error));
    look(&out);
    match out {
        Err(error) => error,
        Ok(_) => unreachable!("it is an error"),
    }
}

impl<T, E, U, F: From<E>> Question<Result<U, F>> for Result<T, E> {
    type Converted = Result<T, F>;

    #[inline]
    #[track_caller]
    fn __otelkit_question(self, look: impl FnOnce(&Result<U, F>)) -> Result<T, F> {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(converted(error, look)),
        }
    }
}

impl<T, E, U, F: From<E>> Question<Result<U, F>> for Poll<Result<T, E>> {
    type Converted = Poll<Result<T, F>>;

    #[inline]
    #[track_caller]
    fn __otelkit_question(self, look: impl FnOnce(&Result<U, F>)) -> Poll<Result<T, F>> {
        match self {
            Poll::Ready(result) => Poll::Ready(result.__otelkit_question(look)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T, E, U, F: From<E>> Question<Result<U, F>> for Poll<Option<Result<T, E>>> {
    type Converted = Poll<Option<Result<T, F>>>;

    #[inline]
    #[track_caller]
    fn __otelkit_question(self, look: impl FnOnce(&Result<U, F>)) -> Self::Converted {
        match self {
            Poll::Ready(Some(result)) => Poll::Ready(Some(result.__otelkit_question(look))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// An alias of `Option` may be called `…Result` too.
impl<T, U> Question<Option<U>> for Option<T> {
    type Converted = Self;

    #[inline]
    fn __otelkit_question(self, _: impl FnOnce(&Option<U>)) -> Self {
        self
    }
}

/// A type that says by itself whether a call failed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `Result`: there is no error to look at",
    label = "`err`, `ok_if` and `expected` need a function that returns a `Result`",
    note = "for an `Option`, write `none = error`"
)]
pub trait Fallible {
    /// What it contains if the call failed.
    type Error;

    /// The error, if the call failed.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> Fallible for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

/// A type with a value that stands for failure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `Option`: it is never `None`",
    label = "`none = error` needs a function that returns an `Option`"
)]
pub trait Absent {
    /// True if it is that value.
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// Stands for the error when a function that must return something returned `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoneError;

impl Display for NoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("returned `None`")
    }
}

impl Error for NoneError {}

/// The error in a `Result`.
#[inline]
pub fn error_of<T: Fallible>(out: &T) -> Option<&T::Error> {
    out.error()
}

/// An error if it is `None`.
#[inline]
pub fn error_or_none<T: Absent>(out: &T) -> Option<&'static NoneError> {
    out.is_absent().then_some(&NoneError)
}

/// Calls a closure of the annotation, whose argument's type is known from here.
#[inline]
pub fn apply<'a, A: ?Sized, R>(argument: &'a A, closure: impl FnOnce(&'a A) -> R) -> R {
    closure(argument)
}

/// What the type of a value is called.
#[inline]
#[must_use]
pub fn type_name<T: ?Sized>(_: &T) -> &'static str {
    any::type_name::<T>()
}

/// Looks at nothing.
#[inline]
pub fn ignore<T: ?Sized>(_: &T, _: &mut Observer<'_>) {}

/// Counts the call as failed until [`assume_ok`].
pub fn assume_error(observer: &mut Observer<'_>) {
    observer.fail();
}

/// Takes [`assume_error`] back.
pub fn assume_ok(observer: &mut Observer<'_>) {
    observer.ok();
}

/// Never called; tells the compiler that a block has this type.
#[cold]
#[must_use]
pub fn typed<T>() -> T {
    std::process::abort()
}
