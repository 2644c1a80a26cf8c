//! A request that a server handles.

use std::borrow::Cow;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use otel_runtime::export::{Outcome, Status};
use otel_runtime::value::{Capture, Sink};
use otel_runtime::{Context, Span, span};

use crate::authority;
use crate::exchange::{Exchange, StatusText};
use crate::failure::{self, CANCELLED, PANIC, classify};
use crate::forwarded::Origin;
use crate::head::{Headers, RequestHead, content_length};
use crate::header_list::HeaderList;
use crate::methods::{KnownMethods, Number};
use crate::metrics::{self, ActiveSeries, ServerSeries};
use crate::redaction::Redaction;
use crate::shown::Shown;

/// What is recorded of the requests that a server handles.
///
/// Made once, and shared by all requests:
///
/// ```
/// use std::sync::Arc;
///
/// use http::Request;
/// use otel_runtime::Context;
/// use otelkit_http::{Exchange, ServerConfig};
///
/// let config = Arc::new(ServerConfig::new().request_header("x-tenant"));
/// let (head, ()) = Request::get("/orders/7").body(()).unwrap().into_parts();
///
/// let mut exchange = config.begin(&head, None, Context::NONE, Some("/orders/{id}"));
/// let answer = exchange.in_scope(|| "42");
/// exchange.respond(200, &http::HeaderMap::new());
/// exchange.body_bytes(answer.len() as u64);
/// exchange.complete();
/// ```
#[derive(Clone, Debug)]
pub struct ServerConfig {
    methods: KnownMethods,
    redaction: Redaction,
    request_headers: HeaderList,
    response_headers: HeaderList,
    believes_proxies: bool,
    scheme: &'static str,
}

/// A request that a server handles, from its head to the end of the response's body.
///
/// `R` is what the route is kept in. Dropping it before [`complete`](Exchange::complete) says that
/// the client is gone.
#[derive(Debug)]
pub struct ServerExchange<R: AsRef<str>>(Option<Live<R>>);

#[derive(Debug)]
struct Live<R> {
    span: Span,
    config: Arc<ServerConfig>,
    begun: Instant,
    method: Number,
    scheme: &'static str,
    version: Option<&'static str>,
    route: Option<R>,
    status: Option<u16>,
    request_bytes: Option<u64>,
    response_bytes: u64,
}

/// The first of the fields that are known with the response: its status, and its size.
const STATUS: usize = 14;

impl ServerConfig {
    /// As the conventions have it, and no headers.
    #[must_use]
    pub fn new() -> Self {
        Self {
            methods: KnownMethods::default(),
            redaction: Redaction::default(),
            request_headers: HeaderList::default(),
            response_headers: HeaderList::default(),
            believes_proxies: true,
            scheme: "http",
        }
    }

    /// These methods are told apart.
    #[must_use]
    pub fn known_methods(mut self, methods: KnownMethods) -> Self {
        self.methods = methods;
        self
    }

    /// What is not shown of queries.
    #[must_use]
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
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

    /// Whether `Forwarded` and `X-Forwarded-..` say where a request came from, which anybody can
    /// write; by default they do, as the conventions want it. They change nothing but attributes of
    /// spans, and, between `http` and `https`, the scheme in metrics.
    #[must_use]
    pub const fn believe_proxies(mut self, believes: bool) -> Self {
        self.believes_proxies = believes;
        self
    }

    /// The server speaks TLS: the scheme is `https` where a request does not tell.
    #[must_use]
    pub const fn https(mut self) -> Self {
        self.scheme = "https";
        self
    }

    /// A request has come from `peer`, as a part of what `caller` belongs to. Starts its span.
    pub fn begin<R: AsRef<str>>(
        self: &Arc<Self>,
        head: &impl RequestHead,
        peer: Option<SocketAddr>,
        caller: Context,
        route: Option<R>,
    ) -> ServerExchange<R> {
        let begun = Instant::now();
        let origin = match self.believes_proxies {
            true => Origin::of(head),
            false => Origin::default(),
        };
        let method = self.methods.number(head.method());
        let scheme = origin.scheme.as_deref().or(head.scheme());
        let counted_scheme = match scheme {
            Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
            Some(scheme) if scheme.eq_ignore_ascii_case("http") => "http",
            _ => self.scheme,
        };
        metrics::SERVER_ACTIVE.add(
            1,
            ActiveSeries {
                method: self.methods.text(method),
                scheme: counted_scheme,
            },
        );
        let host = match (&origin.host, head.authority()) {
            (Some(host), _) => Some(Cow::Borrowed(&**host)),
            (None, Some(authority)) => Some(Cow::Borrowed(authority)),
            (None, None) => head.header("host"),
        };
        let (server, port) = host.as_deref().map_or((None, None), |host| {
            let (name, port) = authority::split(host);
            ((!name.is_empty()).then_some(name), port)
        });
        let scheme = scheme.unwrap_or(self.scheme);
        let request_bytes = content_length(head);
        let version = head.version();
        let span = span!(
            "HTTP",
            kind = server,
            parent = caller,
            http.request.method = _,
            http.request.method_original = _,
            http.route = _,
            url.path = _,
            url.query = _,
            url.scheme = _,
            server.address = _,
            server.port = _,
            client.address = _,
            network.peer.address = _,
            network.peer.port = _,
            network.protocol.version = _,
            user_agent.original = _,
            http.request.body.size = _,
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
            scheme: counted_scheme,
            version,
            route,
            status: None,
            request_bytes,
            response_bytes: 0,
        };
        if live.span.is_recording() {
            live.name();
            let route = live.route.as_ref().map(AsRef::as_ref);
            let query = head.query();
            let span = &mut live.span;
            span.capture_all(
                0,
                &[
                    &self.methods.text(method),
                    &method.is_none().then(|| head.method()),
                    &route,
                    &head.path(),
                    &query.map(|query| Shown(self.redaction.query(query))),
                    &scheme,
                    &server,
                    &server.and(port.or_else(|| authority::default_port(scheme))),
                    &Client(origin.client.as_deref(), peer),
                    &peer.map(|peer| Shown(peer.ip())),
                    &peer.map(|peer| peer.port()),
                    &version,
                    &head.header("user-agent"),
                    &request_bytes,
                ],
            );
            let set = |key: &str, values: &dyn Capture| span.set_attribute(key, values);
            self.request_headers.capture(head, set);
        }
        ServerExchange(Some(live))
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: AsRef<str>> ServerExchange<R> {
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
    fn name(&mut self) {
        let method = self.config.methods.in_name(self.method);
        match &self.route {
            Some(route) => {
                let route = route.as_ref();
                self.span.set_name(format_args!("{method} {route}"));
            }
            None => self.span.set_name(method),
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
        let method = self.config.methods.text(self.method);
        let series = ServerSeries {
            method,
            scheme: self.scheme,
            status: self.status,
            error: error.or(failed_status),
            route: self.route.as_ref().map(AsRef::as_ref),
            version: self.version,
        };
        // What is counted within the span leads to it.
        let begun = self.begun;
        let sizes = (self.request_bytes, self.status.map(|_| self.response_bytes));
        self.span.in_scope(|| {
            metrics::SERVER_DURATION.record(begun.elapsed(), series);
            if let Some(bytes) = sizes.0 {
                metrics::SERVER_REQUEST_SIZE.record(bytes, series);
            }
            if let Some(bytes) = sizes.1 {
                metrics::SERVER_RESPONSE_SIZE.record(bytes, series);
            }
        });
        let scheme = self.scheme;
        metrics::SERVER_ACTIVE.add(-1, ActiveSeries { method, scheme });
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

/// The client's address: what a proxy says, else who is connected.
struct Client<'a>(Option<&'a str>, Option<SocketAddr>);

impl Capture for Client<'_> {
    fn capture(&self, sink: &mut Sink<'_>) {
        match self {
            Self(Some(said), _) => said.capture(sink),
            Self(None, Some(peer)) => Shown(peer.ip()).capture(sink),
            Self(None, None) => {}
        }
    }
}
