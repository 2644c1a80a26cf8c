//! A request that a client sends.

use std::borrow::Cow;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use http::HeaderMap;
use otel_runtime::export::{Outcome, Status};
use otel_runtime::value::Capture;
use otel_runtime::{Span, propagation, span};

use crate::authority;
use crate::exchange::{Exchange, StatusText};
use crate::failure::{self, CANCELLED, PANIC, classify};
use crate::head::Headers;
use crate::header_list::HeaderList;
use crate::methods::{KnownMethods, Number};
use crate::metrics::{self, ClientSeries};
use crate::redaction::{FullUrl, Redaction, UrlParts};
use crate::shown::Shown;

/// What is recorded of the requests that a client sends.
///
/// Made once, and shared by all requests:
///
/// ```
/// use std::sync::Arc;
///
/// use http::HeaderMap;
/// use otelkit_http::{ClientConfig, ClientRequest, Exchange, UrlParts};
///
/// let config = Arc::new(ClientConfig::new());
/// let request = ClientRequest {
///     method: "GET",
///     url: UrlParts {
///         scheme: "https",
///         authority: "shop.example",
///         path: "/orders/7",
///         ..UrlParts::default()
///     },
///     template: Some("/orders/{id}"),
///     resends: 0,
///     body_bytes: Some(0),
/// };
/// let mut headers = HeaderMap::new();
/// let mut exchange = config.begin(&request, &mut headers);
/// // .. the request goes out with these headers, and a response comes ..
/// exchange.respond(200, Some("1.1"), &HeaderMap::new(), None);
/// exchange.body_bytes(42);
/// exchange.complete();
/// ```
#[derive(Clone, Debug)]
pub struct ClientConfig {
    methods: KnownMethods,
    redaction: Redaction,
    request_headers: HeaderList,
    response_headers: HeaderList,
}

/// The path of a request with placeholders for what differs from one request to the next, as in
/// `/users/{id}`: an extension of the request, that becomes `url.template` and a part of the span's
/// name. There should be few of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlTemplate(pub Cow<'static, str>);

/// How often a request was sent before, by retries, redirects, or with other credentials: an
/// extension of the request, for whoever sends it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResendCount(pub u32);

/// What a client is about to send.
#[derive(Clone, Copy, Debug)]
pub struct ClientRequest<'a> {
    /// The method, as it is sent.
    pub method: &'a str,
    /// Where to.
    pub url: UrlParts<'a>,
    /// The path with placeholders, if it is known.
    pub template: Option<&'a str>,
    /// How often it was sent before.
    pub resends: u32,
    /// How long its body is, if that is known.
    pub body_bytes: Option<u64>,
}

/// A request that a client sends, from its head to the end of the response's body.
///
/// Dropping it before there is a response says that nobody waits for it any more. Dropping it later
/// says that nobody wants the rest of the body, which is no failure.
#[derive(Debug)]
pub struct ClientExchange(Option<Live>);

#[derive(Debug)]
struct Live {
    span: Span,
    config: Arc<ClientConfig>,
    begun: Instant,
    method: Number,
    host: Option<Box<str>>,
    port: Option<u16>,
    version: Option<&'static str>,
    status: Option<u16>,
    request_bytes: Option<u64>,
    response_bytes: u64,
    /// The caller has had all of the response's body.
    is_whole: bool,
}

/// The first of the fields that are known with the response: the server's address.
const PEER: usize = 8;
/// The size of the response.
const SIZE: usize = 12;

impl ClientConfig {
    /// As the conventions have it, and no headers.
    #[must_use]
    pub fn new() -> Self {
        Self {
            methods: KnownMethods::default(),
            redaction: Redaction::default(),
            request_headers: HeaderList::default(),
            response_headers: HeaderList::default(),
        }
    }

    /// These methods are told apart.
    #[must_use]
    pub fn known_methods(mut self, methods: KnownMethods) -> Self {
        self.methods = methods;
        self
    }

    /// What is not shown of URLs.
    #[must_use]
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
    }

    /// A URL as it may be shown.
    #[must_use]
    pub const fn shown<'a>(&'a self, url: UrlParts<'a>) -> FullUrl<'a> {
        self.redaction.url(url)
    }

    /// Record this header of requests, as `http.request.header.<name>`.
    #[must_use]
    pub fn request_header(mut self, name: &str) -> Self {
        self.request_headers.add("http.request.header.", name);
        self
    }

    /// Record this header of responses, as `http.response.header.<name>`.
    #[must_use]
    pub fn response_header(mut self, name: &str) -> Self {
        self.response_headers.add("http.response.header.", name);
        self
    }

    /// A request is about to be sent. Starts its span, and tells the server of it in `headers`.
    pub fn begin(
        self: &Arc<Self>,
        request: &ClientRequest<'_>,
        headers: &mut HeaderMap,
    ) -> ClientExchange {
        let begun = Instant::now();
        let method = self.methods.number(request.method);
        let (host, port) = authority::split(request.url.authority);
        let host = (!host.is_empty()).then_some(host);
        let port = host.and(port.or_else(|| authority::default_port(request.url.scheme)));
        let span = span!(
            "HTTP",
            kind = client,
            http.request.method = _,
            http.request.method_original = _,
            http.request.resend_count = _,
            url.full = _,
            url.template = _,
            server.address = _,
            server.port = _,
            http.request.body.size = _,
            network.peer.address = _,
            network.peer.port = _,
            network.protocol.version = _,
            http.response.status_code = _,
            http.response.body.size = _,
            error.type = _,
            "http.request.header.*" = _,
            "http.response.header.*" = _,
        );
        let mut live = Live {
            span,
            config: Arc::clone(self),
            begun,
            method,
            host: host.map(Box::from),
            port,
            version: None,
            status: None,
            request_bytes: request.body_bytes,
            response_bytes: 0,
            is_whole: false,
        };
        if live.span.is_recording() {
            let name = self.methods.in_name(method);
            match request.template {
                Some(template) => live.span.set_name(format_args!("{name} {template}")),
                None => live.span.set_name(name),
            }
            let span = &mut live.span;
            span.capture_all(
                0,
                &[
                    &self.methods.text(method),
                    &method.is_none().then_some(request.method),
                    &(request.resends > 0).then_some(request.resends),
                    &Shown(self.shown(request.url)),
                    &request.template,
                    &host,
                    &port,
                    &request.body_bytes,
                ],
            );
            let set = |key: &str, values: &dyn Capture| span.set_attribute(key, values);
            self.request_headers.capture(headers, set);
        }
        live.span.in_scope(|| propagation::inject(headers));
        ClientExchange(Some(live))
    }
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl ClientExchange {
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
                    &peer.map(|peer| Shown(peer.ip())),
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
        let series = ClientSeries {
            method: self.config.methods.text(self.method),
            host: self.host.as_deref(),
            port: self.port,
            status: self.status,
            error: error.or(failed_status),
            version: self.version,
        };
        let begun = self.begun;
        let sizes = (
            self.request_bytes,
            self.is_whole.then_some(self.response_bytes),
        );
        // What is counted within the span leads to it.
        self.span.in_scope(|| {
            metrics::CLIENT_DURATION.record(begun.elapsed(), series);
            if let Some(bytes) = sizes.0 {
                metrics::CLIENT_REQUEST_SIZE.record(bytes, series);
            }
            if let Some(bytes) = sizes.1 {
                metrics::CLIENT_RESPONSE_SIZE.record(bytes, series);
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
