//! A request under way.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use otel_runtime::Span;
use otel_runtime::export::{Outcome, Status};
use otel_runtime::metric::Holding;
use otel_runtime::value::Capture;

use super::ServerConfig;
use crate::exchange::{Exchange, StatusText};
use crate::failure::{self, CANCELLED, PANIC, classify};
use crate::head::Headers;
use crate::methods::Number;
use crate::metrics::{self, ServerSeries};

/// A request that a server handles, from its head to the end of the response's body.
///
/// `R` is what the route is kept in. Dropping it before [`complete`](Exchange::complete) says that
/// the client is gone.
#[derive(Debug)]
pub struct ServerExchange<R: AsRef<str>>(Option<Live<R>>);

#[derive(Debug)]
pub(super) struct Live<R> {
    /// In this order: who sees the span no longer sees the request in flight.
    #[expect(dead_code, reason = "held until the request is over")]
    pub(super) active: Holding,
    pub(super) span: Span,
    pub(super) config: Arc<ServerConfig>,
    pub(super) begun: Instant,
    pub(super) method: Number,
    pub(super) scheme: &'static str,
    pub(super) version: Option<&'static str>,
    pub(super) route: Option<R>,
    pub(super) status: Option<u16>,
    pub(super) request_bytes: Option<u64>,
    pub(super) response_bytes: u64,
}

/// The first of the fields that are known with the response: its status, and its size.
const STATUS: usize = 14;

impl<R: AsRef<str>> ServerExchange<R> {
    pub(super) const fn of(live: Live<R>) -> Self {
        Self(Some(live))
    }

    /// What belongs to no span: a request that is left out.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// The request was routed, if that was not known when it began.
    pub fn set_route(&mut self, route: R) {
        if let Some(live) = &mut self.0 {
            live.span.set_attribute("http.route", route.as_ref());
            live.route = Some(route);
            live.name();
        }
    }

    /// True if the route is known.
    #[must_use]
    pub fn has_route(&self) -> bool {
        self.0.as_ref().is_some_and(|live| live.route.is_some())
    }

    /// The head of the response is there.
    pub fn respond(&mut self, status: u16, headers: &impl Headers) {
        let Some(live) = &mut self.0 else { return };
        live.status = Some(status);
        if live.span.is_recording() {
            let span = &mut live.span;
            let set = |key: &str, values: &dyn Capture| span.set_attribute(key, values);
            live.config.response_headers.capture(headers, set);
        }
    }

    /// The response says what it says because of this error. It is recorded, and what the response
    /// means stays as it is.
    pub fn explain(&mut self, error: &(dyn Error + 'static), type_name: &'static str) {
        if let Some(live) = &mut self.0 {
            failure::record_expected(&mut live.span, error, type_name);
        }
    }

    /// True if the request has a span or is counted.
    #[must_use]
    pub const fn is_observed(&self) -> bool {
        self.0.is_some()
    }

    fn end(&mut self, error: Option<&str>) {
        if let Some(live) = self.0.take() {
            live.end(error);
        }
    }
}

impl<R: AsRef<str>> Live<R> {
    pub(super) fn name(&mut self) {
        let method = self.config.methods.in_name(self.method);
        match &self.route {
            Some(route) => self.span.set_name_joined(&[method, " ", route.as_ref()]),
            None => self.span.set_name_joined(&[method]),
        }
    }

    /// The request is over, with this `error.type` unless the status says all.
    fn end(mut self, error: Option<&str>) {
        let digits = self
            .status
            .filter(|status| *status >= 500)
            .map(StatusText::of);
        let failed_status = digits.as_ref().map(StatusText::as_str);
        if self.span.is_recording() {
            if let (None, Some(code)) = (error, failed_status) {
                self.span.set_status(Status::Error(""));
                self.span.set_attribute("error.type", code);
            }
            let response_bytes = self.status.map(|_| self.response_bytes);
            self.span
                .capture_all(STATUS, &[&self.status, &response_bytes]);
        }
        let series = metrics::SERVED.find(ServerSeries {
            method: self.config.methods.text(self.method),
            scheme: self.scheme,
            status: self.status,
            error: error.or(failed_status),
            route: self.route.as_ref().map(AsRef::as_ref),
            version: self.version,
        });
        // What is counted within the span leads to it.
        let begun = self.begun;
        let sizes = (self.request_bytes, self.status.map(|_| self.response_bytes));
        self.span.in_scope(|| {
            metrics::SERVER_DURATION.record_in(begun.elapsed(), series);
            if let Some(bytes) = sizes.0 {
                metrics::SERVER_REQUEST_SIZE.record_in(bytes, series);
            }
            if let Some(bytes) = sizes.1 {
                metrics::SERVER_RESPONSE_SIZE.record_in(bytes, series);
            }
        });
    }
}

impl<R: AsRef<str>> Exchange for ServerExchange<R> {
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
        self.end(None);
    }

    fn fail(&mut self, error: &(dyn Error + 'static), type_name: &'static str) {
        let Some(live) = &mut self.0 else { return };
        let meaning = classify(error, type_name);
        failure::record(&mut live.span, error, type_name, None, meaning);
        self.end(Some(meaning.code));
    }

    fn panicked(&mut self) {
        if let Some(live) = &mut self.0 {
            live.span.set_outcome(Outcome::Panicked);
            self.end(Some(PANIC));
        }
    }
}

/// Nobody waits for the response any more.
impl<R: AsRef<str>> Drop for ServerExchange<R> {
    fn drop(&mut self) {
        let Some(live) = &mut self.0 else { return };
        live.span.set_outcome(Outcome::Cancelled);
        // A response that is a failure stays one.
        let error = live
            .status
            .is_none_or(|status| status < 500)
            .then_some(CANCELLED);
        live.span.set_attribute("error.type", error);
        self.end(error);
    }
}
