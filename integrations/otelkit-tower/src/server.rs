//! The layer for servers.

use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Extensions, Request, Response};
use http_body::Body;
use otel_runtime::propagation;
use otelkit_http::{
    BoxedErrors, ErrorLook, Exchange, KnownMethods, PeerAddr, Redaction, ServerConfig,
    ServerExchange, TypedErrors,
};
use tower_layer::Layer;
use tower_service::Service;

use crate::route::MatchedRoute;
use crate::server_future::{ResponseBody, ServerFuture, Wants};

/// Records each request that a server handles; see the [crate](crate#servers).
///
/// `E` and `B` say how the errors of the service and of its bodies are looked at.
pub struct HttpServerLayer<E = TypedErrors, B = TypedErrors> {
    config: Arc<ServerConfig>,
    behaviour: Behaviour,
    errors: PhantomData<fn() -> (E, B)>,
}

/// What the layer makes of a service.
pub struct HttpServer<S, E = TypedErrors, B = TypedErrors> {
    service: S,
    config: Arc<ServerConfig>,
    behaviour: Behaviour,
    errors: PhantomData<fn() -> (E, B)>,
}

#[derive(Clone, Default)]
struct Behaviour {
    leaves_out: Option<Arc<LeavesOut>>,
    answers_panics: bool,
}

type LeavesOut = dyn Fn(&str) -> bool + Send + Sync;

impl HttpServerLayer {
    /// As the conventions have it: no headers, no paths left out, panics that go on.
    #[must_use]
    pub fn new() -> Self {
        #[cfg(feature = "timeout")]
        crate::timeout::register();
        Self {
            config: Arc::new(ServerConfig::new()),
            behaviour: Behaviour::default(),
            errors: PhantomData,
        }
    }
}

impl<E, B> HttpServerLayer<E, B> {
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
        self.behaviour.leaves_out = Some(Arc::new(path));
        self
    }

    /// A request whose handler panics is answered by an empty 500, instead of the panic going on
    /// and ending the connection.
    #[must_use]
    pub const fn answer_panics(mut self) -> Self {
        self.behaviour.answers_panics = true;
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

    /// The server speaks TLS: the scheme is `https` where a request does not tell.
    #[must_use]
    pub fn https(self) -> Self {
        self.config(ServerConfig::https)
    }

    /// The service's error is a `Box<dyn Error + Send + Sync>`.
    #[must_use]
    pub fn boxed_errors(self) -> HttpServerLayer<BoxedErrors, B> {
        self.errors()
    }

    /// The error of its bodies is a `Box<dyn Error + Send + Sync>`.
    #[must_use]
    pub fn boxed_body_errors(self) -> HttpServerLayer<E, BoxedErrors> {
        self.errors()
    }

    fn errors<E2, B2>(self) -> HttpServerLayer<E2, B2> {
        HttpServerLayer {
            config: self.config,
            behaviour: self.behaviour,
            errors: PhantomData,
        }
    }

    fn config(mut self, change: impl FnOnce(ServerConfig) -> ServerConfig) -> Self {
        self.config = Arc::new(change(Arc::unwrap_or_clone(self.config)));
        self
    }
}

impl Default for HttpServerLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S, E, B> Layer<S> for HttpServerLayer<E, B> {
    type Service = HttpServer<S, E, B>;

    fn layer(&self, service: S) -> Self::Service {
        HttpServer {
            service,
            config: Arc::clone(&self.config),
            behaviour: self.behaviour.clone(),
            errors: PhantomData,
        }
    }
}

impl<S, E, B, Q, P> Service<Request<Q>> for HttpServer<S, E, B>
where
    S: Service<Request<Q>, Response = Response<P>>,
    P: Body,
    E: ErrorLook<S::Error>,
{
    type Response = Response<ResponseBody<P, B>>;
    type Error = S::Error;
    type Future = ServerFuture<S::Future, E, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let leaves_out = self.behaviour.leaves_out.as_ref();
        let mut exchange = match leaves_out.is_some_and(|leaves_out| leaves_out(parts.uri.path())) {
            true => ServerExchange::none(),
            false => begin(&self.config, &parts),
        };
        let wants = Wants::by(&parts.method);
        let request = Request::from_parts(parts, body);
        let service = &mut self.service;
        let call = || exchange.in_scope(|| service.call(request));
        let answers_panics = self.behaviour.answers_panics;
        let future = match catch_unwind(AssertUnwindSafe(call)) {
            Ok(future) => Some(future),
            Err(panic) => {
                if !answers_panics {
                    exchange.panicked();
                    resume_unwind(panic);
                }
                None
            }
        };
        ServerFuture::new(future, exchange, wants, answers_panics)
    }
}

fn begin(config: &Arc<ServerConfig>, parts: &http::request::Parts) -> ServerExchange<MatchedRoute> {
    let caller = propagation::extract(&parts.headers);
    let route = MatchedRoute::of(&parts.extensions);
    config.begin(parts, peer(&parts.extensions), caller, route)
}

fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    let peer = extensions.get::<PeerAddr>().map(|peer| peer.0);
    #[cfg(feature = "axum")]
    let peer = peer.or_else(|| {
        let info = extensions.get::<axum::extract::ConnectInfo<SocketAddr>>();
        info.map(|info| info.0)
    });
    peer
}

impl<E, B> Clone for HttpServerLayer<E, B> {
    fn clone(&self) -> Self {
        Self {
            config: Arc::clone(&self.config),
            behaviour: self.behaviour.clone(),
            errors: PhantomData,
        }
    }
}

impl<S: Clone, E, B> Clone for HttpServer<S, E, B> {
    fn clone(&self) -> Self {
        Self {
            service: self.service.clone(),
            config: Arc::clone(&self.config),
            behaviour: self.behaviour.clone(),
            errors: PhantomData,
        }
    }
}

impl<E, B> fmt::Debug for HttpServerLayer<E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServerLayer")
            .field("config", &self.config)
            .field("answers_panics", &self.behaviour.answers_panics)
            .finish_non_exhaustive()
    }
}

impl<S: fmt::Debug, E, B> fmt::Debug for HttpServer<S, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer")
            .field("service", &self.service)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
