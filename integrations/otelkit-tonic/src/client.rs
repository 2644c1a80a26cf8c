//! The layer for clients.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body::Body as HttpBody;
use otel_runtime::{propagation, span};
use tonic::Status;
use tonic::body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::body::ObservedBody;
use crate::call::{Beginning, BoxError, Call, Known, ServerName, Side, method};
use crate::deadline;
use crate::messages::{RequestBody, RequestMessages};

/// Records each call that a client makes; see the [crate](crate#clients).
#[derive(Clone, Debug, Default)]
pub struct GrpcClientLayer {
    server: Arc<ServerName>,
}

/// What the layer makes of a channel.
#[derive(Clone, Debug)]
pub struct GrpcClient<S> {
    service: S,
    server: Arc<ServerName>,
}

pin_project_lite::pin_project! {
    /// The response to an observed call.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ClientFuture<F> {
        #[pin]
        future: F,
        call: Call,
    }
}

impl GrpcClientLayer {
    /// Of a server without a name: `server.address` is left out.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Of the server that this URI names, such as `Endpoint::uri`.
    #[must_use]
    pub fn of(uri: &Uri) -> Self {
        let port = uri.port_u16().or_else(|| match uri.scheme_str()? {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        });
        let server = ServerName {
            address: uri.host().map(ToOwned::to_owned),
            port: uri.host().and(port),
        };
        Self {
            server: Arc::new(server),
        }
    }
}

impl<S> Layer<S> for GrpcClientLayer {
    type Service = GrpcClient<S>;

    fn layer(&self, service: S) -> GrpcClient<S> {
        GrpcClient {
            service,
            server: Arc::clone(&self.server),
        }
    }
}

impl<S, B, P> Service<Request<B>> for GrpcClient<S>
where
    S: Service<Request<Body>, Response = Response<P>>,
    S::Error: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    P: HttpBody<Data = Bytes>,
    P::Error: Into<BoxError>,
{
    type Response = Response<ObservedBody<P>>;
    type Error = Status;
    type Future = ClientFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Status>> {
        let ready = self.service.poll_ready(cx);
        ready.map_err(|error| Status::from_error(error.into()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let requests = Arc::new(RequestMessages::default());
        let mut call = self.begin(&request, Arc::clone(&requests));
        let service = &mut self.service;
        let future = call.in_scope(|| {
            propagation::inject(request.headers_mut());
            // The connection asks for it, on a task of its own.
            let here = Some(otel_runtime::Context::current());
            let request = request.map(|body| Body::new(RequestBody::new(body, requests, here)));
            service.call(request)
        });
        ClientFuture { future, call }
    }
}

impl<S> GrpcClient<S> {
    fn begin<B>(&self, request: &Request<B>, requests: Arc<RequestMessages>) -> Call {
        let begun = Instant::now();
        let path = request.uri().path_and_query().cloned();
        let span = span!(
            "grpc",
            kind = client,
            rpc.system.name = "grpc",
            rpc.method = method(path.as_ref()),
            rpc.method_original = _,
            server.address = self.server.address.as_deref(),
            server.port = self.server.port,
            rpc.response.status_code = _,
            otelkit.rpc.messages.sent = _,
            otelkit.rpc.messages.received = _,
            error.type = _,
        );
        let beginning = Beginning {
            path,
            is_known: Known::Yes,
            side: Side::Client(Arc::clone(&self.server)),
            caller: None,
            deadline: deadline::of(request.headers()),
            requests,
        };
        Call::new(span, begun, beginning)
    }
}

impl<F, E, P> Future for ClientFuture<F>
where
    F: Future<Output = Result<Response<P>, E>>,
    E: Into<BoxError>,
    P: HttpBody<Data = Bytes>,
    P::Error: Into<BoxError>,
{
    type Output = Result<Response<ObservedBody<P>>, Status>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (future, call) = (this.future, this.call);
        let result = ready!(call.in_scope(|| future.poll(cx)));
        Poll::Ready(match result {
            Ok(response) => Ok(ObservedBody::of(response, call.take(), false)),
            Err(error) => Err(call.fail(error.into())),
        })
    }
}
