//! The layer for clients.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response, header, request};
use http_body::Body;
use otelkit_http::{
    BoxedErrors, ClientConfig, ClientExchange, ClientRequest, ErrorLook, Exchange, KnownMethods,
    Redaction, ResendCount, TypedErrors, UrlParts, UrlTemplate,
};
use tower_layer::Layer;
use tower_service::Service;

use crate::client_future::{ClientBody, ClientFuture};
use crate::resends;

/// Records each request that a client sends; see the [crate](crate#clients).
///
/// `E` and `B` say how the errors of the service and of its bodies are looked at.
pub struct HttpClientLayer<E = TypedErrors, B = TypedErrors> {
    config: Arc<ClientConfig>,
    errors: PhantomData<fn() -> (E, B)>,
}

/// What the layer makes of a service.
pub struct HttpClient<S, E = TypedErrors, B = TypedErrors> {
    service: S,
    config: Arc<ClientConfig>,
    errors: PhantomData<fn() -> (E, B)>,
}

impl HttpClientLayer {
    /// As the conventions have it: no headers.
    #[must_use]
    pub fn new() -> Self {
        #[cfg(feature = "timeout")]
        crate::timeout::register();
        Self {
            config: Arc::new(ClientConfig::new()),
            errors: PhantomData,
        }
    }
}

impl<E, B> HttpClientLayer<E, B> {
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

    /// What is not shown of URLs.
    #[must_use]
    pub fn redaction(self, redaction: Redaction) -> Self {
        self.config(|config| config.redaction(redaction))
    }

    /// These methods are told apart.
    #[must_use]
    pub fn known_methods(self, methods: KnownMethods) -> Self {
        self.config(|config| config.known_methods(methods))
    }

    /// The service's error is a `Box<dyn Error + Send + Sync>`.
    #[must_use]
    pub fn boxed_errors(self) -> HttpClientLayer<BoxedErrors, B> {
        self.errors()
    }

    /// The error of its bodies is a `Box<dyn Error + Send + Sync>`.
    #[must_use]
    pub fn boxed_body_errors(self) -> HttpClientLayer<E, BoxedErrors> {
        self.errors()
    }

    fn errors<E2, B2>(self) -> HttpClientLayer<E2, B2> {
        HttpClientLayer {
            config: self.config,
            errors: PhantomData,
        }
    }

    fn config(mut self, change: impl FnOnce(ClientConfig) -> ClientConfig) -> Self {
        self.config = Arc::new(change(Arc::unwrap_or_clone(self.config)));
        self
    }
}

impl Default for HttpClientLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S, E, B> Layer<S> for HttpClientLayer<E, B> {
    type Service = HttpClient<S, E, B>;

    fn layer(&self, service: S) -> Self::Service {
        HttpClient {
            service,
            config: Arc::clone(&self.config),
            errors: PhantomData,
        }
    }
}

impl<S, E, B, Q, P> Service<Request<Q>> for HttpClient<S, E, B>
where
    S: Service<Request<Q>, Response = Response<P>>,
    Q: Body,
    P: Body,
    E: ErrorLook<S::Error>,
{
    type Response = Response<ClientBody<P, B>>;
    type Error = S::Error;
    type Future = ClientFuture<S::Future, E, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let (mut parts, body) = request.into_parts();
        let asks_for_body = parts.method != http::Method::HEAD;
        let mut exchange = begin(&self.config, &mut parts, body.size_hint().exact());
        let request = Request::from_parts(parts, body);
        let future = exchange.in_scope(|| self.service.call(request));
        ClientFuture::new(future, exchange, asks_for_body)
    }
}

fn begin(
    config: &Arc<ClientConfig>,
    parts: &mut request::Parts,
    body_bytes: Option<u64>,
) -> ClientExchange {
    let uri = &parts.uri;
    let host = parts.headers.get(header::HOST).cloned();
    let host = host.as_ref().and_then(|host| host.to_str().ok());
    let authority = uri.authority().map(http::uri::Authority::as_str);
    let request = ClientRequest {
        method: parts.method.as_str(),
        url: UrlParts {
            scheme: uri.scheme_str().unwrap_or("http"),
            authority: authority.or(host).unwrap_or_default(),
            path: uri.path(),
            query: uri.query(),
            fragment: None,
        },
        template: parts
            .extensions
            .get()
            .map(|template: &UrlTemplate| &*template.0),
        resends: parts
            .extensions
            .get()
            .map_or_else(resends::count, |count: &ResendCount| count.0),
        body_bytes,
    };
    config.begin(&request, &mut parts.headers)
}

impl<E, B> Clone for HttpClientLayer<E, B> {
    fn clone(&self) -> Self {
        Self {
            config: Arc::clone(&self.config),
            errors: PhantomData,
        }
    }
}

impl<S: Clone, E, B> Clone for HttpClient<S, E, B> {
    fn clone(&self) -> Self {
        Self {
            service: self.service.clone(),
            config: Arc::clone(&self.config),
            errors: PhantomData,
        }
    }
}

impl<E, B> fmt::Debug for HttpClientLayer<E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClientLayer")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl<S: fmt::Debug, E, B> fmt::Debug for HttpClient<S, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("service", &self.service)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
