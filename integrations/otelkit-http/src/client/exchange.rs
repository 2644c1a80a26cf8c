//! A request under way.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use otel_runtime::Span;
use otel_runtime::export::{Outcome, Status};
use otel_runtime::value::Capture;

use super::ClientConfig;
use crate::exchange::{Exchange, StatusText};
use crate::failure::{self, CANCELLED, PANIC, classify};
use crate::head::Headers;
use crate::methods::Number;
use crate::metrics::{self, ClientSeries};
use crate::shown::Address;

/// A request that a client sends, from its head to the end of the response's body.
///
/// Dropping it before there is a response says that nobody waits for it any more. Dropping it later
/// says that nobody wants the rest of the body, which is no failure.
#[derive(Debug)]
pub struct ClientExchange(Option<Live>);

#[derive(Debug)]
pub(super) struct Live {
    pub(super) span: Span,
    pub(super) config: Arc<ClientConfig>,
    pub(super) begun: Instant,
    pub(super) method: Number,
    pub(super) host: Option<Box<str>>,
    pub(super) port: Option<u16>,
    pub(super) version: Option<&'static str>,
    pub(super) status: Option<u16>,
    pub(super) request_bytes: Option<u64>,
    pub(super) response_bytes: u64,
    /// The caller has had all of the response's body.
    pub(super) is_whole: bool,
}

/// The first of the fields that are known with the response: the server's address.
const PEER: usize = 8;
/// The size of the response.
const SIZE: usize = 12;

impl ClientExchange {
    pub(super) const fn of(live: Live) -> Self {
        Self(Some(live))
    }

    /// The head of the response is there.
    pub fn respond(
        &mut self,
        status: u16,
        version: Option<&'static str>,
        headers: &impl Headers,
        peer: Option<SocketAddr>,
    ) {
        let Some(live) = &mut self.0 else { return };
        live.status = Some(status);
        live.version = version;
        if live.span.is_recording() {
            let span = &mut live.span;
            span.capture_all(
                PEER,
                &[
                    &peer.map(|peer| Address::of(peer.ip())),
                    &peer.map(|peer| peer.port()),
                    &version,
                    &status,
                ],
            );
            let set = |key: &str, values: &dyn Capture| span.set_attribute(key, values);
            live.config.response_headers.capture(headers, set);
        }
    }

    /// As [`fail`](Exchange::fail), for an error whose own message shows what must not be shown.
    pub fn fail_saying(
        &mut self,
        error: &(dyn Error + 'static),
        type_name: &'static str,
        message: &dyn std::fmt::Display,
    ) {
        self.fail_with(error, type_name, Some(message));
    }

    fn fail_with(
        &mut self,
        error: &(dyn Error + 'static),
        type_name: &'static str,
        message: Option<&dyn std::fmt::Display>,
    ) {
        let Some(live) = &mut self.0 else { return };
        let meaning = classify(error, type_name);
        failure::record(&mut live.span, error, type_name, message, meaning);
        self.end(Some(meaning.code));
    }

    fn end(&mut self, error: Option<&str>) {
        if let Some(live) = self.0.take() {
            live.end(error);
        }
    }
}

impl Live {
    /// The request is over, with this `error.type` unless the status says all.
    fn end(mut self, error: Option<&str>) {
        let digits = self
            .status
            .filter(|status| *status >= 400)
            .map(StatusText::of);
        let failed_status = digits.as_ref().map(StatusText::as_str);
        if self.span.is_recording() {
            if let (None, Some(code)) = (error, failed_status) {
                self.span.set_status(Status::Error(""));
                self.span.set_attribute("error.type", code);
            }
            let response_bytes = self.is_whole.then_some(self.response_bytes);
            self.span.capture_all(SIZE, &[&response_bytes]);
        }
        let series = metrics::SENT.find(ClientSeries {
            method: self.config.methods.text(self.method),
            host: self.host.as_deref(),
            port: self.port,
            status: self.status,
            error: error.or(failed_status),
            version: self.version,
        });
        let begun = self.begun;
        let sizes = (
            self.request_bytes,
            self.is_whole.then_some(self.response_bytes),
        );
        // What is counted within the span leads to it.
        self.span.in_scope(|| {
            metrics::CLIENT_DURATION.record_in(begun.elapsed(), series);
            if let Some(bytes) = sizes.0 {
                metrics::CLIENT_REQUEST_SIZE.record_in(bytes, series);
            }
            if let Some(bytes) = sizes.1 {
                metrics::CLIENT_RESPONSE_SIZE.record_in(bytes, series);
            }
        });
    }
}

impl Exchange for ClientExchange {
    fn in_scope<T>(&mut self, work: impl FnOnce() -> T) -> T {
        match &mut self.0 {
            Some(live) => live.span.in_scope(work),
            None => work(),
        }
    }

    fn body_bytes(&mut self, bytes: u64) {
        if let Some(live) = &mut self.0 {
            live.response_bytes += bytes;
        }
    }

    fn complete(&mut self) {
        if let Some(live) = &mut self.0 {
            live.is_whole = true;
        }
        self.end(None);
    }

    fn fail(&mut self, error: &(dyn Error + 'static), type_name: &'static str) {
        self.fail_with(error, type_name, None);
    }

    fn panicked(&mut self) {
        if let Some(live) = &mut self.0 {
            live.span.set_outcome(Outcome::Panicked);
            self.end(Some(PANIC));
        }
    }
}

/// Nobody waits for the response any more; or nobody wants the rest of its body, which is no failure.
impl Drop for ClientExchange {
    fn drop(&mut self) {
        let Some(live) = &mut self.0 else { return };
        if live.status.is_some() {
            self.end(None);
        } else {
            live.span.set_outcome(Outcome::Cancelled);
            live.span.set_attribute("error.type", CANCELLED);
            self.end(Some(CANCELLED));
        }
    }
}
