//! The middleware.

use std::fmt;
use std::future::{Ready, ready};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::Method;
use otel_runtime::propagation;
use otelkit_http::{Exchange, KnownMethods, Redaction, ServerConfig, ServerExchange};

use crate::body::ResponseBody;
use crate::future::ServerFuture;
use crate::head::{Head, HeadersOf};

/// Records each request that an application serves; see the [crate](crate).
#[derive(Clone)]
pub struct HttpTelemetry {
    config: Arc<ServerConfig>,
    leaves_out: Option<Arc<LeavesOut>>,
    answers_panics: bool,
}

/// What the middleware makes of a service.
#[derive(Clone)]
pub struct Observing<S> {
    service: Rc<S>,
    middleware: HttpTelemetry,
}

type LeavesOut = dyn Fn(&str) -> bool + Send + Sync;

impl HttpTelemetry {
    /// As the conventions have it: no headers, no paths left out, panics that go on.
    #[must_use]
    pub fn new() -> Self {
        Self {
            config: Arc::new(ServerConfig::new()),
            leaves_out: None,
            answers_panics: false,
        }
    }

    /// Record this header of requests, as `http.request.header.<name>`.
    #[must_use]
    pub fn request_header(self, name: &str) -> Self {
        self.config(|config| config.request_header(name))
    }

    /// Record this header of responses, as `http.response.header.<name>`.
    #[must_use]
    pub fn response_header(self, name: &str) -> Self {
        self.config(|config| config.response_header(name))
    }

    /// Requests whose path this is true for have no span and are not counted.
    #[must_use]
    pub fn leave_out(mut self, path: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.leaves_out = Some(Arc::new(path));
        self
    }

    /// A request whose handler panics is answered by a 500, instead of the panic going on and ending
    /// the connection.
    #[must_use]
    pub const fn answer_panics(mut self) -> Self {
        self.answers_panics = true;
        self
    }

    /// What is not shown of queries.
    #[must_use]
    pub fn redaction(self, redaction: Redaction) -> Self {
        self.config(|config| config.redaction(redaction))
    }

    /// These methods are told apart.
    #[must_use]
    pub fn known_methods(self, methods: KnownMethods) -> Self {
        self.config(|config| config.known_methods(methods))
    }

    /// Whether `Forwarded` and `X-Forwarded-..` are believed; see [`ServerConfig::believe_proxies`].
    #[must_use]
    pub fn believe_proxies(self, believes: bool) -> Self {
        self.config(|config| config.believe_proxies(believes))
    }

    fn config(mut self, change: impl FnOnce(ServerConfig) -> ServerConfig) -> Self {
        self.config = Arc::new(change(Arc::unwrap_or_clone(self.config)));
        self
    }

    fn begin(&self, request: &ServiceRequest) -> ServerExchange<String> {
        let leaves_out = self.leaves_out.as_ref();
        if leaves_out.is_some_and(|leaves_out| leaves_out(request.path())) {
            return ServerExchange::none();
        }
        let caller = propagation::extract(&HeadersOf(request.headers()));
        let route = request.match_pattern();
        self.config
            .begin(&Head(request), request.peer_addr(), caller, route)
    }
}

impl Default for HttpTelemetry {
    fn default() -> Self {
        Self::new()
    }
}

impl<S, B> Transform<S, ServiceRequest> for HttpTelemetry
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<ResponseBody<B>>;
    type Error = Error;
    type Transform = Observing<S>;
    type InitError = ();
    type Future = Ready<Result<Observing<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Observing {
            service: Rc::new(service),
            middleware: self.clone(),
        }))
    }
}

impl<S, B> Service<ServiceRequest> for Observing<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<ResponseBody<B>>;
    type Error = Error;
    type Future = ServerFuture<S::Future>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let mut exchange = self.middleware.begin(&request);
        let asks_for_body = request.method() != Method::HEAD;
        let answers_panics = self.middleware.answers_panics;
        let call = || exchange.in_scope(|| self.service.call(request));
        let future = match catch_unwind(AssertUnwindSafe(call)) {
            Ok(future) => Some(future),
            Err(_) if answers_panics => None,
            Err(panic) => {
                exchange.panicked();
                resume_unwind(panic)
            }
        };
        ServerFuture::new(future, exchange, asks_for_body, answers_panics)
    }
}

impl fmt::Debug for HttpTelemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTelemetry")
            .field("config", &self.config)
            .field("answers_panics", &self.answers_panics)
            .finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Observing<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observing")
            .field("middleware", &self.middleware)
            .finish_non_exhaustive()
    }
}
