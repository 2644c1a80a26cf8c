//! `tonic`: the statuses of gRPC, of which the classes are made.

use std::time::Duration;

use tonic::{Code as Grpc, Status};

use crate::class::dynamic::{Look, look};
use crate::class::{Class, Classification, Classify, Code, Codes, Retry};

pub(super) const KNOWN: &[Look] = &[look::<Status>];

/// One list for both: the codes, and which status has which.
macro_rules! statuses {
    ($($status:ident $code:literal,)+) => {
        const CODES: &[Code] = &[$(Code { code: $code, class: Class::$status },)+];

        fn code(status: Grpc) -> Code {
            match status {
                $(Grpc::$status => Code { code: $code, class: Class::$status },)+
                // No error at all, and yet it was returned as one.
                Grpc::Ok => UNKNOWN,
            }
        }
    };
}

const UNKNOWN: Code = Code {
    code: "UNKNOWN",
    class: Class::Unknown,
};

statuses! {
    Cancelled "CANCELLED",
    Unknown "UNKNOWN",
    InvalidArgument "INVALID_ARGUMENT",
    DeadlineExceeded "DEADLINE_EXCEEDED",
    NotFound "NOT_FOUND",
    AlreadyExists "ALREADY_EXISTS",
    PermissionDenied "PERMISSION_DENIED",
    ResourceExhausted "RESOURCE_EXHAUSTED",
    FailedPrecondition "FAILED_PRECONDITION",
    Aborted "ABORTED",
    OutOfRange "OUT_OF_RANGE",
    Unimplemented "UNIMPLEMENTED",
    Internal "INTERNAL",
    Unavailable "UNAVAILABLE",
    DataLoss "DATA_LOSS",
    Unauthenticated "UNAUTHENTICATED",
}

/// By its code; whether to try again also by what the server [asks for].
///
/// [asks for]: https://github.com/grpc/proposal/blob/master/A6-client-retries.md#pushback
impl Classify for Status {
    const CODES: Codes = Codes::List(CODES);

    fn classify(&self) -> Classification<'_> {
        let Code { code, class } = code(self.code());
        let meaning = Classification::new(class, code);
        match self.metadata().get("grpc-retry-pushback-ms") {
            Some(asked) => meaning.with_retry(pushback(asked.to_str().ok())),
            None => meaning,
        }
    }
}

/// A number that is none, or negative, says not to try again.
fn pushback(asked: Option<&str>) -> Retry {
    let milliseconds = asked.and_then(|text| text.parse().ok());
    milliseconds.map_or(Retry::No, |milliseconds| {
        Retry::After(Duration::from_millis(milliseconds))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_the_class_of_its_code() {
        for number in 1..=16 {
            let status = Status::new(Grpc::from_i32(number), "");
            let meaning = status.classify();
            assert_eq!(meaning.class.grpc_code(), number);
            assert!(CODES.iter().any(|code| code.code == meaning.code));
        }
    }

    #[test]
    fn what_the_server_asks_for_stands_above_what_is_usual() {
        let mut status = Status::unavailable("");
        assert_eq!(status.classify().retry, Retry::Yes);
        let key = "grpc-retry-pushback-ms";
        status.metadata_mut().insert(key, "250".parse().unwrap());
        assert_eq!(
            status.classify().retry,
            Retry::After(Duration::from_millis(250))
        );
        status.metadata_mut().insert(key, "-1".parse().unwrap());
        assert_eq!(status.classify().retry, Retry::No);
    }
}
