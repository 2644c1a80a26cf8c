//! The errors of the standard library, `std::io` apart.

use std::array::TryFromSliceError;
use std::cell::{BorrowError, BorrowMutError};
use std::char::{CharTryFromError, DecodeUtf16Error, ParseCharError};
use std::collections::TryReserveError;
use std::env::{JoinPathsError, VarError};
use std::ffi::{
    FromBytesUntilNulError, FromBytesWithNulError, FromVecWithNulError, IntoStringError, NulError,
};
use std::fmt;
use std::io;
use std::net::AddrParseError;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError, TryFromIntError};
use std::path::StripPrefixError;
use std::str::{ParseBoolError, Utf8Error};
use std::string::{FromUtf8Error, FromUtf16Error};
use std::sync::mpsc::{RecvError, RecvTimeoutError, TryRecvError};
use std::thread::AccessError;
use std::time::{SystemTimeError, TryFromFloatSecsError};

use crate::class::dynamic::{Look, look};
use crate::class::{Class, Classification, Classify, Code, Codes};

/// Errors with one meaning; each is called by its type.
macro_rules! each {
    ($($error:ident $class:ident,)+) => {
        $(impl Classify for $error {
            const CODES: Codes = Codes::List(&[Code {
                code: stringify!($error),
                class: Class::$class,
            }]);

            fn classify(&self) -> Classification<'_> {
                Classification::new(Class::$class, stringify!($error))
            }
        })+

        /// How each error of the standard library is recognised.
        pub(super) const KNOWN: &[Look] = &[
            look::<io::Error>,
            look::<fmt::Error>,
            look::<ParseIntError>,
            look::<RecvTimeoutError>,
            look::<TryRecvError>,
            look::<VarError>,
            $(look::<$error>,)+
        ];
    };
}

each! {
    AccessError Internal,
    AddrParseError InvalidArgument,
    BorrowError Internal,
    BorrowMutError Internal,
    CharTryFromError InvalidArgument,
    DecodeUtf16Error InvalidArgument,
    FromBytesUntilNulError InvalidArgument,
    FromBytesWithNulError InvalidArgument,
    FromUtf16Error InvalidArgument,
    FromUtf8Error InvalidArgument,
    FromVecWithNulError InvalidArgument,
    IntoStringError InvalidArgument,
    JoinPathsError InvalidArgument,
    NulError InvalidArgument,
    ParseBoolError InvalidArgument,
    ParseCharError InvalidArgument,
    ParseFloatError InvalidArgument,
    RecvError Unavailable,
    StripPrefixError InvalidArgument,
    SystemTimeError FailedPrecondition,
    TryFromFloatSecsError OutOfRange,
    TryFromIntError OutOfRange,
    TryFromSliceError InvalidArgument,
    TryReserveError ResourceExhausted,
    Utf8Error InvalidArgument,
}

impl Classify for fmt::Error {
    const CODES: Codes = Codes::List(&[Code {
        code: "fmt::Error",
        class: Class::Internal,
    }]);

    fn classify(&self) -> Classification<'_> {
        Classification::new(Class::Internal, "fmt::Error")
    }
}

by_value! {
    ParseIntError: |error| error.kind() => {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "ParseIntError::Overflow" OutOfRange,
        _ => "ParseIntError" InvalidArgument,
    }
    RecvTimeoutError: |error| error => {
        Self::Timeout => "RecvTimeoutError::Timeout" DeadlineExceeded,
        Self::Disconnected => "RecvTimeoutError::Disconnected" Unavailable,
    }
    TryRecvError: |error| error => {
        Self::Empty => "TryRecvError::Empty" Unavailable,
        Self::Disconnected => "TryRecvError::Disconnected" Unavailable,
    }
    VarError: |error| error => {
        Self::NotPresent => "VarError::NotPresent" FailedPrecondition,
        Self::NotUnicode(_) => "VarError::NotUnicode" InvalidArgument,
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::class::classify_dyn;

    #[test]
    fn an_error_is_recognised_behind_dyn() {
        let errors: [(Box<dyn Error>, &str, Class); 6] = [
            (
                "".parse::<u8>().unwrap_err().into(),
                "ParseIntError",
                Class::InvalidArgument,
            ),
            (
                "256".parse::<u8>().unwrap_err().into(),
                "ParseIntError::Overflow",
                Class::OutOfRange,
            ),
            (
                String::from_utf8(vec![0xff]).unwrap_err().into(),
                "FromUtf8Error",
                Class::InvalidArgument,
            ),
            (fmt::Error.into(), "fmt::Error", Class::Internal),
            (
                RecvTimeoutError::Timeout.into(),
                "RecvTimeoutError::Timeout",
                Class::DeadlineExceeded,
            ),
            (
                u8::try_from(300_i32).unwrap_err().into(),
                "TryFromIntError",
                Class::OutOfRange,
            ),
        ];
        for (error, code, class) in errors {
            let meaning = classify_dyn(&*error).unwrap();
            assert_eq!((meaning.code, meaning.class), (code, class));
        }
    }
}
