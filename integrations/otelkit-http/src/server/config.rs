//! What is recorded of requests, and how one begins.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use otel_runtime::value::{Capture, Sink};
use otel_runtime::{Context, span};

use super::ServerExchange;
use super::exchange::Live;
use crate::authority;
use crate::forwarded::Origin;
use crate::head::{self, RequestHead};
use crate::header_list::HeaderList;
use crate::methods::KnownMethods;
use crate::metrics::{self, ActiveSeries};
use crate::redaction::Redaction;
use crate::shown::Address;

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
    pub(super) methods: KnownMethods,
    redaction: Redaction,
    request_headers: HeaderList,
    pub(super) response_headers: HeaderList,
    believes_proxies: bool,
    scheme: &'static str,
}

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

    /// A request has come from `peer`, as a part of what `caller` belongs to, or of what the code
    /// that calls this belongs to if that is nothing. Starts its span.
    pub fn begin<R: AsRef<str>>(
        self: &Arc<Self>,
        head: &impl RequestHead,
        peer: Option<SocketAddr>,
        caller: Context,
        route: Option<R>,
    ) -> ServerExchange<R> {
        let begun = Instant::now();
        let caller = match caller {
            Context::NONE => Context::current(),
            caller => caller,
        };
        let headers = head.usual_headers();
        let origin = match self.believes_proxies {
            true => Origin::of(&headers),
            false => Origin::default(),
        };
        let method = self.methods.number(head.method());
        let scheme = origin.scheme.as_deref().or(head.scheme());
        let counted_scheme = match scheme {
            Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
            Some(scheme) if scheme.eq_ignore_ascii_case("http") => "http",
            _ => self.scheme,
        };
        let active = metrics::SERVER_ACTIVE.hold(
            1,
            ActiveSeries {
                method: self.methods.text(method),
                scheme: counted_scheme,
            },
        );
        let host = match (origin.host.as_deref(), head.authority()) {
            (Some(host), _) | (None, Some(host)) => Some(host),
            (None, None) => headers.host.as_deref(),
        };
        let (server, port) = host.map_or((None, None), |host| {
            let (name, port) = authority::split(host);
            ((!name.is_empty()).then_some(name), port)
        });
        let scheme = scheme.unwrap_or(self.scheme);
        let request_bytes = headers.content_length.as_deref().and_then(head::length);
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
            active,
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
            let peer_address = peer.map(|peer| Address::of(peer.ip()));
            let span = &mut live.span;
            span.capture_all(
                0,
                &[
                    &self.methods.text(method),
                    &method.is_none().then(|| head.method()),
                    &route,
                    &head.path(),
                    &query.map(|query| self.redaction.query(query)),
                    &scheme,
                    &server,
                    &server.and(port.or_else(|| authority::default_port(scheme))),
                    &Client(origin.client.as_deref(), peer_address.as_ref()),
                    &peer_address.as_ref(),
                    &peer.map(|peer| peer.port()),
                    &version,
                    &headers.user_agent,
                    &request_bytes,
                ],
            );
            let set = |key: &str, values: &dyn Capture| span.set_attribute(key, values);
            self.request_headers.capture(head, set);
        }
        ServerExchange::of(live)
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self::new()
    }
}

/// The client's address: what a proxy says, else who is connected.
struct Client<'a>(Option<&'a str>, Option<&'a Address>);

impl Capture for Client<'_> {
    fn capture(&self, sink: &mut Sink<'_>) {
        match self.0 {
            Some(said) => said.capture(sink),
            None => self.1.capture(sink),
        }
    }
}
