//! The layer for servers.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use http::{Extensions, Request, Response};
use http_body::Body as HttpBody;
use otel_runtime::{propagation, span};
use tonic::body::Body;
use tonic::server::NamedService;
use tower_layer::Layer;
use tower_service::Service;

use crate::body::ObservedBody;
use crate::call::{Beginning, BoxError, Call, Known, Side, method};
use crate::deadline;
use crate::messages::{RequestBody, RequestMessages};

/// Records each call that a server handles; see the [crate](crate#servers).
///
/// For a whole server by `Server::builder().layer(..)`, or for one service.
#[derive(Clone, Debug, Default)]
pub struct GrpcServerLayer {
    config: Config,
}

/// What the layer makes of a service.
#[derive(Clone, Debug)]
pub struct GrpcServer<S> {
    service: S,
    config: Config,
}

#[derive(Clone, Debug, Default)]
struct Config {
    /// `None`: those that the server does not refuse.
    known_methods: Option<Arc<HashSet<String>>>,
    panics_go_on: bool,
}

pin_project_lite::pin_project! {
    /// The response of an observed service.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ServerFuture<F> {
        // `None` if making it panicked, and that is answered.
        #[pin]
        future: Option<F>,
        call: Call,
        panics_go_on: bool,
    }
}

impl GrpcServerLayer {
    /// As the conventions have it, and panics answered.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These are the server's methods, such as `shop.Orders/Place`; any other one is `_OTHER` in
    /// spans and metrics. Without this, those are that are answered with `UNIMPLEMENTED`.
    #[must_use]
    pub fn known_methods<M: Into<String>>(mut self, methods: impl IntoIterator<Item = M>) -> Self {
        let methods = methods.into_iter().map(Into::into).collect();
        self.config.known_methods = Some(Arc::new(methods));
        self
    }

    /// A panic of a handler goes on, and ends the connection, instead of being answered with
    /// `INTERNAL`.
    #[must_use]
    pub const fn let_panics_go_on(mut self) -> Self {
        self.config.panics_go_on = true;
        self
    }
}

impl<S> Layer<S> for GrpcServerLayer {
    type Service = GrpcServer<S>;

    fn layer(&self, service: S) -> GrpcServer<S> {
        GrpcServer {
            service,
            config: self.config.clone(),
        }
    }
}

impl<S: NamedService> NamedService for GrpcServer<S> {
    const NAME: &'static str = S::NAME;
}

impl<S, B, P> Service<Request<B>> for GrpcServer<S>
where
    S: Service<Request<Body>, Response = Response<P>>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    S::Error: Into<BoxError>,
    P: HttpBody<Data = Bytes>,
    P::Error: Into<BoxError>,
{
    type Response = Response<ObservedBody<P>>;
    type Error = BoxError;
    type Future = ServerFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.service.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let requests = Arc::new(RequestMessages::default());
        let mut call = self.begin(&request, Arc::clone(&requests));
        // The handler asks for it, in the scope of the call.
        let request = request.map(|body| Body::new(RequestBody::new(body, requests, None)));
        let service = &mut self.service;
        let work = || call.in_scope(|| service.call(request));
        let panics_go_on = self.config.panics_go_on;
        let future = match catch_unwind(AssertUnwindSafe(work)) {
            Ok(future) => Some(future),
            Err(panic) if panics_go_on => {
                call.panicked();
                resume_unwind(panic)
            }
            Err(_) => None,
        };
        ServerFuture {
            future,
            call,
            panics_go_on,
        }
    }
}

impl<S> GrpcServer<S> {
    fn begin<B>(&self, request: &Request<B>, requests: Arc<RequestMessages>) -> Call {
        let begun = Instant::now();
        let path = request.uri().path_and_query().cloned();
        let is_known = match &self.config.known_methods {
            None => Known::Perhaps,
            Some(methods) if methods.contains(method(path.as_ref())) => Known::Yes,
            Some(_) => Known::No,
        };
        let caller = match propagation::extract(request.headers()) {
            otel_runtime::Context::NONE => otel_runtime::Context::current(),
            caller => caller,
        };
        let peer = peer(request.extensions());
        let span = span!(
            "grpc",
            kind = server,
            parent = caller,
            rpc.system.name = "grpc",
            rpc.method = method(path.as_ref()),
            rpc.method_original = _,
            network.peer.address = peer.map(|peer| peer.ip().to_string()),
            network.peer.port = peer.map(|peer| peer.port()),
            rpc.response.status_code = _,
            otelkit.rpc.messages.sent = _,
            otelkit.rpc.messages.received = _,
            error.type = _,
        );
        let beginning = Beginning {
            path,
            is_known,
            side: Side::Server,
            caller: Some(caller),
            deadline: deadline::of(request.headers()),
            requests,
        };
        Call::new(span, begun, beginning)
    }
}

#[cfg(feature = "server")]
fn peer(extensions: &Extensions) -> Option<std::net::SocketAddr> {
    let info = extensions.get::<tonic::transport::server::TcpConnectInfo>()?;
    info.remote_addr()
}

#[cfg(not(feature = "server"))]
const fn peer(_: &Extensions) -> Option<std::net::SocketAddr> {
    None
}

impl<F, E, P> Future for ServerFuture<F>
where
    F: Future<Output = Result<Response<P>, E>>,
    E: Into<BoxError>,
    P: HttpBody<Data = Bytes>,
    P::Error: Into<BoxError>,
{
    type Output = Result<Response<ObservedBody<P>>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let call = this.call;
        let Some(future) = this.future.as_pin_mut() else {
            return Poll::Ready(Ok(ObservedBody::answer(call.take())));
        };
        let poll = || call.in_scope(|| future.poll(cx));
        let result = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(polled) => ready!(polled),
            Err(panic) if *this.panics_go_on => {
                call.panicked();
                resume_unwind(panic)
            }
            Err(_) => return Poll::Ready(Ok(ObservedBody::answer(call.take()))),
        };
        let answers_panics = !*this.panics_go_on;
        Poll::Ready(match result {
            Ok(response) => Ok(ObservedBody::of(response, call.take(), answers_panics)),
            // What tonic's server makes of it is a status, too.
            Err(error) => Err(call.fail(error.into()).into()),
        })
    }
}
