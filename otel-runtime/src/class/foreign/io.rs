//! Input and output.

use std::io::{self, ErrorKind};

use crate::class::{Class, Classification, Classify, Code, Codes, classify_dyn};

/// One list for both: the codes, and which kind has which.
macro_rules! kinds {
    ($($kind:ident $code:literal $class:ident,)+) => {
        const CODES: &[Code] = &[
            $(Code { code: $code, class: Class::$class },)+
            OTHER,
        ];

        fn code(kind: ErrorKind) -> Code {
            match kind {
                $(ErrorKind::$kind => Code { code: $code, class: Class::$class },)+
                _ => OTHER,
            }
        }
    };
}

const OTHER: Code = Code {
    code: "io::Other",
    class: Class::Unknown,
};

kinds! {
    AddrInUse "io::AddrInUse" FailedPrecondition,
    AddrNotAvailable "io::AddrNotAvailable" FailedPrecondition,
    AlreadyExists "io::AlreadyExists" AlreadyExists,
    ArgumentListTooLong "io::ArgumentListTooLong" InvalidArgument,
    BrokenPipe "io::BrokenPipe" Network,
    ConnectionAborted "io::ConnectionAborted" Network,
    ConnectionRefused "io::ConnectionRefused" Network,
    ConnectionReset "io::ConnectionReset" Network,
    CrossesDevices "io::CrossesDevices" FailedPrecondition,
    Deadlock "io::Deadlock" Aborted,
    DirectoryNotEmpty "io::DirectoryNotEmpty" FailedPrecondition,
    ExecutableFileBusy "io::ExecutableFileBusy" FailedPrecondition,
    FileTooLarge "io::FileTooLarge" ResourceExhausted,
    HostUnreachable "io::HostUnreachable" Network,
    Interrupted "io::Interrupted" Aborted,
    InvalidData "io::InvalidData" DataCorruption,
    InvalidFilename "io::InvalidFilename" InvalidArgument,
    InvalidInput "io::InvalidInput" InvalidArgument,
    IsADirectory "io::IsADirectory" FailedPrecondition,
    NetworkDown "io::NetworkDown" Network,
    NetworkUnreachable "io::NetworkUnreachable" Network,
    NotADirectory "io::NotADirectory" FailedPrecondition,
    NotConnected "io::NotConnected" Network,
    NotFound "io::NotFound" NotFound,
    NotSeekable "io::NotSeekable" Unimplemented,
    OutOfMemory "io::OutOfMemory" ResourceExhausted,
    PermissionDenied "io::PermissionDenied" PermissionDenied,
    QuotaExceeded "io::QuotaExceeded" ResourceExhausted,
    ReadOnlyFilesystem "io::ReadOnlyFilesystem" FailedPrecondition,
    ResourceBusy "io::ResourceBusy" Aborted,
    StaleNetworkFileHandle "io::StaleNetworkFileHandle" Network,
    StorageFull "io::StorageFull" ResourceExhausted,
    TimedOut "io::TimedOut" DeadlineExceeded,
    TooManyLinks "io::TooManyLinks" ResourceExhausted,
    UnexpectedEof "io::UnexpectedEof" DataCorruption,
    Unsupported "io::Unsupported" Unimplemented,
    WouldBlock "io::WouldBlock" Unavailable,
    WriteZero "io::WriteZero" ResourceExhausted,
}

/// By its kind. One that only carries another error means what that one does.
impl Classify for io::Error {
    const CODES: Codes = Codes::Join(&[Codes::List(CODES), Codes::Open]);

    fn classify(&self) -> Classification<'_> {
        if self.kind() == ErrorKind::Other
            && let Some(inner) = self.get_ref()
            && let Some(meaning) = classify_dyn(inner)
        {
            return meaning;
        }
        meaning(self.kind())
    }
}

impl Classify for ErrorKind {
    const CODES: Codes = Codes::List(CODES);

    fn classify(&self) -> Classification<'_> {
        meaning(*self)
    }
}

fn meaning(kind: ErrorKind) -> Classification<'static> {
    let Code { code, class } = code(kind);
    Classification::new(class, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_declared() {
        for kind in [
            ErrorKind::NotFound,
            ErrorKind::TimedOut,
            ErrorKind::Other,
            ErrorKind::StorageFull,
        ] {
            let error = io::Error::from(kind);
            let Classification { class, code, .. } = error.classify();
            let position = CODES
                .iter()
                .position(|known| known.code == code && known.class == class);
            assert!(position.is_some(), "{kind:?}");
        }
    }

    #[test]
    fn an_error_that_carries_another_means_what_that_one_does() {
        let inner = "x".parse::<i32>().unwrap_err();
        let meaning = io::Error::other(inner);
        assert_eq!(meaning.classify().class, Class::InvalidArgument);
        let words = io::Error::other("just words");
        assert_eq!(words.classify().code, "io::Other");
    }

    #[test]
    fn a_broken_way_is_worth_another_try_and_a_missing_file_is_not() {
        assert!(
            io::Error::from(ErrorKind::ConnectionReset)
                .classify()
                .retry
                .may_help()
        );
        assert!(
            !io::Error::from(ErrorKind::NotFound)
                .classify()
                .retry
                .may_help()
        );
    }
}
