//! A call, from its head to the end of its response.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use otel_runtime::export::{Outcome, Status as SpanStatus};
use otel_runtime::{Context, Span};
use tonic::{Code, Status, TimeoutExpired};

use crate::messages::RequestMessages;
use crate::metrics::{CLIENT_DURATION, ClientSeries, SERVER_DURATION, ServerSeries};

/// What services of tower fail with.
pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// How many values a span is given when it begins, on either side.
pub(crate) const FIELDS: usize = 4;

/// A method of which nobody knows.
const OTHER: &str = "_OTHER";
const PANIC: &str = "panic";
/// Causes of causes beyond this many are not looked at: a chain may be a circle.
const LONGEST_CHAIN: usize = 32;

/// What observes a call until it is over. Dropped before that, it was cancelled, or its time was up.
#[derive(Debug)]
pub(crate) struct Call(Option<Live>);

#[derive(Debug)]
struct Live {
    span: Span<FIELDS>,
    begun: Instant,
    path: Option<PathAndQuery>,
    is_known: Known,
    side: Side,
    caller: Option<Context>,
    deadline: Option<Duration>,
    requests: Arc<RequestMessages>,
    responses: u64,
}

/// Whether the method is one of the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Yes,
    No,
    /// It is, unless the server says that it is not.
    Perhaps,
}

/// Who observes the call.
#[derive(Clone, Debug)]
pub(crate) enum Side {
    Server,
    Client(Arc<ServerName>),
}

/// Whom a client calls.
#[derive(Debug, Default)]
pub(crate) struct ServerName {
    pub(crate) address: Option<String>,
    pub(crate) port: Option<u16>,
}

/// What is known of a call when it begins.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) path: Option<PathAndQuery>,
    pub(crate) is_known: Known,
    pub(crate) side: Side,
    /// What the work belongs to where there is no span.
    pub(crate) caller: Option<Context>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) requests: Arc<RequestMessages>,
}

/// How a call ended.
enum Ending<'a> {
    Status(Code, &'a str),
    Cancelled,
    Panicked,
}

impl Call {
    /// A call whose span has just begun.
    pub(crate) fn new(mut span: Span<FIELDS>, begun: Instant, beginning: Beginning) -> Self {
        let Beginning {
            path,
            is_known,
            side,
            caller,
            deadline,
            requests,
        } = beginning;
        let caller = caller.filter(|_| span.context().is_none());
        if span.is_recording() && is_known != Known::No {
            span.set_name(method(path.as_ref()));
        }
        Self(Some(Live {
            span,
            begun,
            path,
            is_known,
            side,
            caller,
            deadline,
            requests,
            responses: 0,
        }))
    }

    /// Runs `work` with the call's span as the current one.
    pub(crate) fn in_scope<T>(&mut self, work: impl FnOnce() -> T) -> T {
        match &mut self.0 {
            Some(Live {
                caller: Some(caller),
                ..
            }) => caller.run(work),
            Some(live) => live.span.in_scope(work),
            None => work(),
        }
    }

    /// The same call, which is over here and goes on there.
    pub(crate) fn take(&mut self) -> Self {
        Self(self.0.take())
    }

    /// So many messages of the response went by.
    pub(crate) const fn responses(&mut self, messages: u64) {
        if let Some(live) = &mut self.0 {
            live.responses += messages;
        }
    }

    /// The response ended with this status.
    pub(crate) fn complete(&mut self, status: &Status) {
        self.end(Ending::Status(status.code(), status.message()));
    }

    /// There will be no response, or no more of it; returns what tonic makes of the reason.
    pub(crate) fn fail(&mut self, error: BoxError) -> Status {
        let is_timeout = is_timeout(&*error);
        let status = Status::from_error(error);
        match is_timeout {
            // Tonic calls it `CANCELLED`; why it gave up is worth more.
            true => self.end(Ending::Status(Code::DeadlineExceeded, status.message())),
            false => self.complete(&status),
        }
        status
    }

    /// The thread panics in what makes the response.
    pub(crate) fn panicked(&mut self) {
        self.end(Ending::Panicked);
    }

    fn end(&mut self, ending: Ending<'_>) {
        if let Some(live) = self.0.take() {
            live.end(ending);
        }
    }
}

/// Nobody waits for the response any more.
impl Drop for Call {
    fn drop(&mut self) {
        let Some(live) = &self.0 else { return };
        let is_late = live
            .deadline
            .is_some_and(|time| live.begun.elapsed() >= time);
        self.end(match is_late {
            true => Ending::Status(Code::DeadlineExceeded, "the deadline has passed"),
            false => Ending::Cancelled,
        });
    }
}

impl Live {
    fn end(mut self, ending: Ending<'_>) {
        let (code, message) = match ending {
            Ending::Status(code, message) => (code, message),
            Ending::Cancelled => (Code::Cancelled, ""),
            Ending::Panicked => (Code::Internal, ""),
        };
        let status = code_name(code);
        let error = match ending {
            Ending::Panicked => Some(PANIC),
            _ => self.side.is_failure(code).then_some(status),
        };
        if self.is_known == Known::Perhaps && code == Code::Unimplemented {
            self.is_known = Known::No;
        }
        match ending {
            Ending::Status(..) => {}
            Ending::Cancelled => self.span.set_outcome(Outcome::Cancelled),
            Ending::Panicked => self.span.set_outcome(Outcome::Panicked),
        }
        let method = match self.is_known {
            Known::No => OTHER,
            Known::Yes | Known::Perhaps => method(self.path.as_ref()),
        };
        if self.span.is_recording() {
            let span = &mut self.span;
            if self.is_known == Known::No {
                span.set_name("grpc");
                span.set_attribute("rpc.method", method);
                span.set_attribute("rpc.method_original", self::method(self.path.as_ref()));
            }
            span.set_attribute("rpc.response.status_code", status);
            let (sent, received) = match self.side {
                Side::Server => (self.responses, self.requests.count()),
                Side::Client(_) => (self.requests.count(), self.responses),
            };
            span.set_attribute("otelkit.rpc.messages.sent", sent);
            span.set_attribute("otelkit.rpc.messages.received", received);
            if let (Some(error), false) = (error, matches!(ending, Ending::Panicked)) {
                span.set_attribute("error.type", error);
                span.set_status(SpanStatus::Error(message));
            }
        }
        let call = ServerSeries {
            method,
            status,
            error,
        };
        let (begun, side) = (self.begun, &self.side);
        // What is counted within the span leads to it.
        self.span.in_scope(|| match side {
            Side::Server => SERVER_DURATION.record(begun.elapsed(), call),
            Side::Client(server) => CLIENT_DURATION.record(
                begun.elapsed(),
                ClientSeries {
                    call,
                    address: server.address.as_deref(),
                    port: server.port,
                },
            ),
        });
    }
}

impl Side {
    /// The two sides differ: what a client did wrong is no failure of the server.
    const fn is_failure(&self, code: Code) -> bool {
        match self {
            Self::Client(_) => !matches!(code, Code::Ok),
            Self::Server => matches!(
                code,
                Code::Unknown
                    | Code::DeadlineExceeded
                    | Code::Unimplemented
                    | Code::Internal
                    | Code::Unavailable
                    | Code::DataLoss
            ),
        }
    }
}

/// `package.Service/Method`; `_OTHER` for what is none.
pub(crate) fn method(path: Option<&PathAndQuery>) -> &str {
    let path = path.map_or("", PathAndQuery::path);
    let method = path.strip_prefix('/').unwrap_or(path);
    match method.split_once('/') {
        Some((service, name)) if !service.is_empty() && !name.is_empty() => method,
        _ => OTHER,
    }
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    let mut link = Some(error);
    for _ in 0..LONGEST_CHAIN {
        let Some(cause) = link else { break };
        if cause.is::<TimeoutExpired>() {
            return true;
        }
        link = cause.source();
    }
    false
}

/// As the specification of gRPC writes it.
pub(crate) const fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_a_service_and_a_name() {
        for (path, expected) in [
            ("/shop.Orders/Place", "shop.Orders/Place"),
            ("/shop.Orders/Place?a=b", "shop.Orders/Place"),
            ("/", OTHER),
            ("/shop.Orders", OTHER),
            ("/shop.Orders/", OTHER),
            ("//Place", OTHER),
        ] {
            let path: PathAndQuery = path.parse().unwrap();
            assert_eq!(method(Some(&path)), expected, "{path}");
        }
        assert_eq!(method(None), OTHER);
    }
}
