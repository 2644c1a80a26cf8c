//! The status of a span, in our words.

use opentelemetry::trace;
use otel_runtime::export;

pub(crate) fn ours(status: &trace::Status) -> export::Status<'_> {
    match status {
        trace::Status::Unset => export::Status::Unset,
        trace::Status::Ok => export::Status::Ok,
        trace::Status::Error { description } => export::Status::Error(description),
    }
}
