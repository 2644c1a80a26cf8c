//! A gRPC service of texts, on a port of its own.

#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::{Future, pending};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut};
use http::uri::PathAndQuery;
use otel_runtime::{propagation, traced};
use otelkit_tonic::{GrpcClient, GrpcClientLayer, GrpcServerLayer};
use tokio::sync::Notify;
use tokio_stream::{Stream, StreamExt};
use tonic::body::Body;
use tonic::client::Grpc as Client;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{Grpc, NamedService};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Request, Response, Status, Streaming};
use tower::{ServiceBuilder, service_fn};
use tower_service::Service;

pub(crate) const PLACE: PathAndQuery = PathAndQuery::from_static("/shop.Orders/Place");
pub(crate) const WATCH: PathAndQuery = PathAndQuery::from_static("/shop.Orders/Watch");
pub(crate) const UPLOAD: PathAndQuery = PathAndQuery::from_static("/shop.Orders/Upload");
pub(crate) const CHAT: PathAndQuery = PathAndQuery::from_static("/shop.Orders/Chat");

/// Told when an order waits.
pub(crate) static WAITING: Notify = Notify::const_new();

/// Messages are texts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Text;

impl Codec for Text {
    type Encode = String;
    type Decode = String;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Text {
    type Item = String;
    type Error = Status;

    fn encode(&mut self, item: String, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(item.as_bytes());
        Ok(())
    }
}

impl Decoder for Text {
    type Item = String;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<String>, Status> {
        let bytes = from.copy_to_bytes(from.remaining());
        String::from_utf8(bytes.into())
            .map(Some)
            .map_err(|error| Status::invalid_argument(error.to_string()))
    }
}

/// Does as each message says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Orders;

impl NamedService for Orders {
    const NAME: &'static str = "shop.Orders";
}

impl Service<http::Request<Body>> for Orders {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = Grpc::new(Text);
            Ok(match request.uri().path() {
                "/shop.Orders/Place" => grpc.unary(service_fn(place), request).await,
                "/shop.Orders/Watch" => grpc.server_streaming(service_fn(watch), request).await,
                "/shop.Orders/Upload" => grpc.client_streaming(service_fn(upload), request).await,
                "/shop.Orders/Chat" => grpc.streaming(service_fn(chat), request).await,
                _ => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}

#[traced]
async fn load(id: &str) -> String {
    match id {
        "panic" => panic!("order is cursed"),
        "wait" => {
            WAITING.notify_one();
            pending().await
        }
        _ => format!("order {id}"),
    }
}

async fn place(request: Request<String>) -> Result<Response<String>, Status> {
    let order = request.get_ref();
    if let Some(code) = order.strip_prefix("fail ") {
        return Err(Status::new(code_of(code), "refused"));
    }
    if order == "caller" {
        let mut headers = BTreeMap::new();
        propagation::inject(&mut headers);
        return Ok(Response::new(format!("{headers:?}")));
    }
    Ok(Response::new(load(order).await))
}

fn code_of(number: &str) -> Code {
    Code::from_i32(number.parse().unwrap())
}

type Answers = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

/// A number of messages, and what then.
async fn watch(request: Request<String>) -> Result<Response<Answers>, Status> {
    let (count, then) = request
        .get_ref()
        .split_once(' ')
        .unwrap_or((request.get_ref(), ""));
    let count: usize = count.parse().unwrap();
    let then = then.to_owned();
    let first = tokio_stream::iter((0..count).map(|index| Ok(index.to_string())));
    let last: Answers = match &*then {
        "" => Box::pin(tokio_stream::empty()),
        "panic" => Box::pin(tokio_stream::iter(0..1).then(async |_| {
            // What is there already is sent before.
            tokio::task::yield_now().await;
            panic!("stream is cursed")
        })),
        "wait" => Box::pin(tokio_stream::pending()),
        code => Box::pin(tokio_stream::once(Err(Status::new(
            code_of(code),
            "no more",
        )))),
    };
    Ok(Response::new(Box::pin(first.chain(last))))
}

async fn upload(request: Request<Streaming<String>>) -> Result<Response<String>, Status> {
    let mut messages = request.into_inner();
    let mut count = 0;
    while messages.message().await?.is_some() {
        count += 1;
    }
    Ok(Response::new(load(&count.to_string()).await))
}

async fn chat(request: Request<Streaming<String>>) -> Result<Response<Answers>, Status> {
    let echoes = request
        .into_inner()
        .map(|message| Ok(format!("you said {}", message?)));
    Ok(Response::new(Box::pin(echoes)))
}

/// Serves until the test's executor ends.
pub(crate) async fn serve(layer: GrpcServerLayer) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder().layer(layer).add_service(Orders);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    address
}

/// Serves on an executor of its own; with that the connections end.
pub(crate) fn serve_apart() -> (SocketAddr, tokio::runtime::Runtime) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let address = std::thread::scope(|scope| {
        let started = scope.spawn(|| runtime.block_on(serve_unobserved()));
        started.join().unwrap()
    });
    (address, runtime)
}

async fn serve_unobserved() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder().add_service(Orders);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    address
}

/// A client that nobody observes.
pub(crate) fn bare(server: SocketAddr) -> Client<Channel> {
    Client::new(endpoint(server).connect_lazy())
}

pub(crate) fn observed(server: SocketAddr) -> Client<GrpcClient<Channel>> {
    let endpoint = endpoint(server);
    let layer = GrpcClientLayer::of(endpoint.uri());
    Client::new(
        ServiceBuilder::new()
            .layer(layer)
            .service(endpoint.connect_lazy()),
    )
}

fn endpoint(server: SocketAddr) -> Endpoint {
    Endpoint::from_shared(format!("http://{server}")).unwrap()
}

/// A message.
pub(crate) fn text(text: &str) -> Request<String> {
    Request::new(text.to_owned())
}

/// Messages, one after the other.
pub(crate) fn texts(texts: &[&str]) -> Request<impl Stream<Item = String> + Send + 'static> {
    let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
    Request::new(tokio_stream::iter(texts))
}

/// All messages of a stream, and how it ended.
pub(crate) async fn all(response: Response<Streaming<String>>) -> (Vec<String>, Code) {
    let mut messages = response.into_inner();
    let mut read = Vec::new();
    loop {
        match messages.message().await {
            Ok(Some(message)) => read.push(message),
            Ok(None) => return (read, Code::Ok),
            Err(status) => return (read, status.code()),
        }
    }
}
