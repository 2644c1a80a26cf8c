//! The server layer on hyper's own server, without a router: HTTP/2, sizes, nested spans.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use otelkit_observed::{Observed, assert_text};
use otelkit_tower::{HttpServerLayer, PeerAddr, Route};
use tokio::net::TcpListener;
use tower::{ServiceBuilder, service_fn};

type Frames = Vec<Result<Frame<Bytes>, Infallible>>;

/// A body of two chunks and a trailer.
fn frames() -> Frames {
    let trailers = HeaderMap::from_iter([("x-sum".parse().unwrap(), HeaderValue::from(42))]);
    vec![
        Ok(Frame::data(Bytes::from_static(b"one"))),
        Ok(Frame::data(Bytes::from_static(b"two"))),
        Ok(Frame::trailers(trailers)),
    ]
}

/// Serves every connection, telling who has connected.
async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, peer)) = listener.accept().await {
            let routed = ServiceBuilder::new()
                .map_request(move |mut request: Request<Incoming>| {
                    request.extensions_mut().insert(PeerAddr(peer));
                    request.extensions_mut().insert(Route::new("/{anything}"));
                    request
                })
                .layer(HttpServerLayer::new())
                .service(service_fn(async |_: Request<Incoming>| {
                    let body = StreamBody::new(futures_util::stream::iter(frames()));
                    Ok::<_, Infallible>(Response::new(body))
                }));
            let service = TowerToHyperService::new(routed);
            let connection = Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
            drop(connection);
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_with_trailers_is_as_it_was() {
    let mut observed = Observed::start();
    let server = serve().await;
    let stream = tokio::net::TcpStream::connect(server).await.unwrap();
    let port = format!("network.peer.port={}", stream.local_addr().unwrap().port());
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let request = Request::post("https://shop.example:8443/a")
        .body(Full::new(Bytes::from_static(b"four")))
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap();
    assert_eq!(body.trailers().unwrap()["x-sum"], "42");
    assert_eq!(body.to_bytes(), "onetwo");
    assert_text(
        &observed.tree(1, &[(&port, "PORT")]),
        "server `POST /{anything}` http.request.method=POST http.route=/{anything} url.path=/a url.scheme=https server.address=shop.example server.port=8443 client.address=127.0.0.1 network.peer.address=127.0.0.1 PORT network.protocol.version=2 http.request.body.size=4 http.response.status_code=200 http.response.body.size=6\n",
    );
}
