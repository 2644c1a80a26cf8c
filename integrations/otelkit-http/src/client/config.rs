//! What is recorded of requests, and how one begins.

use std::sync::Arc;
use std::time::Instant;

use http::HeaderMap;
use otel_runtime::value::Capture;
use otel_runtime::{propagation, span};

use super::exchange::Live;
use super::{ClientExchange, ClientRequest};
use crate::authority;
use crate::exchange::Exchange;
use crate::header_list::HeaderList;
use crate::methods::KnownMethods;
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
    pub(super) methods: KnownMethods,
    redaction: Redaction,
    request_headers: HeaderList,
    pub(super) response_headers: HeaderList,
}

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
                Some(template) => live.span.set_name_joined(&[name, " ", template]),
                None => live.span.set_name_joined(&[name]),
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
        let mut exchange = ClientExchange::of(live);
        exchange.in_scope(|| propagation::inject(headers));
        exchange
    }
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self::new()
    }
}
