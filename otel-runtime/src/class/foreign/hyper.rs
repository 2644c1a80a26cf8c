//! `hyper`: connections and messages of HTTP.

use crate::class::dynamic::{Look, look};
use crate::class::{Class, Classification, Classify, Code, Codes};

pub(super) const KNOWN: &[Look] = &[look::<hyper::Error>];

by_value! {
    hyper::Error: |error| error => {
        error if error.is_timeout() => "hyper::Timeout" DeadlineExceeded,
        error if error.is_canceled() => "hyper::Canceled" Cancelled,
        error if error.is_parse() => "hyper::Parse" DataCorruption,
        error if error.is_user() => "hyper::User" Internal,
        error if error.is_closed() => "hyper::Closed" Network,
        error if error.is_incomplete_message() => "hyper::IncompleteMessage" Network,
        error if error.is_body_write_aborted() => "hyper::BodyWriteAborted" Network,
        _ => "hyper::Other" Network,
    }
}
