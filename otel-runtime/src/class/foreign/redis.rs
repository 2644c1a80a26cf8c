//! `redis`: what the server answers, and the way to it.

use redis::{ErrorKind, RedisError, RetryMethod, ServerErrorKind};

use crate::class::dynamic::{Look, look};
use crate::class::{Class, Classification, Classify, Code, Codes, ResponseStatus, Retry};

pub(super) const KNOWN: &[Look] = &[look::<RedisError>];

/// One list for both: the codes, and which error has which.
macro_rules! errors {
    ($($pattern:pat => $code:literal $class:ident,)+) => {
        const CODES: &[Code] = &[$(Code { code: $code, class: Class::$class },)+ TIMEOUT];

        fn code(kind: ErrorKind) -> Code {
            #[allow(unreachable_patterns, reason = "there may be kinds that are not known yet")]
            match kind {
                $($pattern => Code { code: $code, class: Class::$class },)+
            }
        }
    };
}

const TIMEOUT: Code = Code {
    code: "redis::Timeout",
    class: Class::DeadlineExceeded,
};

errors! {
    ErrorKind::Parse => "redis::Parse" DataCorruption,
    ErrorKind::AuthenticationFailed => "redis::AuthenticationFailed" Unauthenticated,
    ErrorKind::UnexpectedReturnType => "redis::UnexpectedReturnType" Internal,
    ErrorKind::InvalidClientConfig => "redis::InvalidClientConfig" InvalidArgument,
    ErrorKind::Io => "redis::Io" Network,
    ErrorKind::Client => "redis::Client" InvalidArgument,
    ErrorKind::Extension => "redis::Extension" Unknown,
    ErrorKind::MasterNameNotFoundBySentinel => "redis::MasterNameNotFoundBySentinel" Unavailable,
    ErrorKind::NoValidReplicasFoundBySentinel => "redis::NoValidReplicasFoundBySentinel" Unavailable,
    ErrorKind::EmptySentinelList => "redis::EmptySentinelList" InvalidArgument,
    ErrorKind::ClusterConnectionNotFound => "redis::ClusterConnectionNotFound" Unavailable,
    ErrorKind::RESP3NotSupported => "redis::RESP3NotSupported" Unimplemented,
    ErrorKind::Server(ServerErrorKind::ExecAbort) => "EXECABORT" Aborted,
    ErrorKind::Server(ServerErrorKind::BusyLoading) => "LOADING" Unavailable,
    ErrorKind::Server(ServerErrorKind::NoScript) => "NOSCRIPT" NotFound,
    ErrorKind::Server(ServerErrorKind::Moved) => "MOVED" Unavailable,
    ErrorKind::Server(ServerErrorKind::Ask) => "ASK" Unavailable,
    ErrorKind::Server(ServerErrorKind::TryAgain) => "TRYAGAIN" Unavailable,
    ErrorKind::Server(ServerErrorKind::ClusterDown) => "CLUSTERDOWN" Unavailable,
    ErrorKind::Server(ServerErrorKind::CrossSlot) => "CROSSSLOT" InvalidArgument,
    ErrorKind::Server(ServerErrorKind::MasterDown) => "MASTERDOWN" Unavailable,
    ErrorKind::Server(ServerErrorKind::ReadOnly) => "READONLY" FailedPrecondition,
    ErrorKind::Server(ServerErrorKind::NotBusy) => "NOTBUSY" FailedPrecondition,
    ErrorKind::Server(ServerErrorKind::NoPerm) => "NOPERM" PermissionDenied,
    ErrorKind::Server(_) => "ERR" Unknown,
    _ => "redis::Other" Unknown,
}

/// By its kind; whether to try again as the client itself would.
impl Classify for RedisError {
    const CODES: Codes = Codes::List(CODES);

    fn classify(&self) -> Classification<'_> {
        let Code { code, class } = if self.is_timeout() {
            TIMEOUT
        } else {
            code(self.kind())
        };
        let retry = match self.retry_method() {
            RetryMethod::NoRetry => Retry::No,
            _ => Retry::Yes,
        };
        let meaning = Classification::new(class, code).with_retry(retry);
        match self.code() {
            Some(prefix) => meaning.with_response_status(ResponseStatus::Text(prefix)),
            None => meaning,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_a_server_gives_the_class() {
        let error = RedisError::from((ErrorKind::Server(ServerErrorKind::BusyLoading), "loading"));
        let meaning = error.classify();
        assert_eq!(
            (meaning.class, meaning.code),
            (Class::Unavailable, "LOADING")
        );
        assert!(meaning.retry.may_help());
        let error = RedisError::from((ErrorKind::AuthenticationFailed, "no"));
        assert_eq!(error.classify().class, Class::Unauthenticated);
    }
}
