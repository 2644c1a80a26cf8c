//! Servers on a port of their own, and requests written by hand.

#![allow(dead_code, unused_imports, reason = "each test file uses a part")]

mod shop;

use std::net::SocketAddr;

use axum::Router;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) use shop::{assert_tree, shop};

/// Serves the application until the test's executor ends.
pub(crate) async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// A connection, and `network.peer.port` as the server will see it.
pub(crate) async fn connect(server: SocketAddr) -> (TcpStream, String) {
    let stream = TcpStream::connect(server).await.unwrap();
    let port = stream.local_addr().unwrap().port();
    (stream, format!("network.peer.port={port}"))
}

/// Sends what is written and reads until the server closes; also says what differs in each run.
pub(crate) async fn talk(server: SocketAddr, request: impl AsRef<[u8]>) -> (String, String) {
    let (mut stream, port) = connect(server).await;
    stream.write_all(request.as_ref()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    (String::from_utf8_lossy(&answer).into_owned(), port)
}

/// A request with nothing but a host, after which the connection is closed.
pub(crate) fn plain(method: &str, target: &str) -> String {
    with(method, target, "")
}

/// The same with more headers, each ending in a line break.
pub(crate) fn with(method: &str, target: &str, headers: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: shop.example\r\n{headers}Connection: close\r\n\r\n"
    )
}
