//! A service over HTTP/2, with axum; and its client, with hyper.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use otel_runtime::traced;
use otelkit_tower::{HttpClient, HttpClientLayer, HttpServerLayer};
use sqlx::SqlitePool;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::{Layer, ServiceExt};
use tower_http::trace::TraceLayer;

use crate::{Failure, audit, ledger, storage};

type Requests = HttpClient<Client<HttpConnector, Empty<Bytes>>>;

/// Asks the service.
#[derive(Clone, Debug)]
pub(crate) struct StockClient {
    requests: Requests,
    server: SocketAddr,
}

/// Serves until the program stops.
pub(crate) async fn serve(
    pool: SqlitePool,
    mut stopped: watch::Receiver<()>,
) -> std::io::Result<(SocketAddr, JoinHandle<std::io::Result<()>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app = Router::new()
        .route("/stock/{item}", get(stock))
        .layer(TraceLayer::new_for_http())
        .layer(HttpServerLayer::new())
        .with_state(pool);
    let stop = async move { drop(stopped.changed().await) };
    let server = axum::serve(listener, app).with_graceful_shutdown(stop);
    Ok((address, tokio::spawn(async move { server.await })))
}

async fn stock(
    State(pool): State<SqlitePool>,
    Path(item): Path<String>,
) -> Result<String, StatusCode> {
    let failed = |_| StatusCode::INTERNAL_SERVER_ERROR;
    check(&pool, item).await.map_err(failed)
}

#[traced(name = "check")]
async fn check(pool: &SqlitePool, item: String) -> sqlx::Result<String> {
    storage::refill(pool, &item).await?;
    let count = storage::count(pool, &item).await?;
    let message = ledger::message(&item);
    ledger::handle(message, book);
    Ok(count.to_string())
}

#[traced(name = "book")]
fn book(item: &str) {
    audit::note("booked");
    tracing::info!(item, "in the books");
}

impl StockClient {
    pub(crate) fn new(server: SocketAddr) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .http2_only(true)
            .build_http();
        Self {
            requests: HttpClientLayer::new().layer(client),
            server,
        }
    }

    #[traced(name = "in stock")]
    pub(crate) async fn in_stock(&self, item: &str) -> Result<u64, Failure> {
        let request = Request::get(format!("http://{}/stock/{item}", self.server));
        let request = request.body(Empty::new())?;
        let response = self.requests.clone().oneshot(request).await?;
        let body = response.into_body().collect().await?.to_bytes();
        Ok(std::str::from_utf8(&body)?.parse()?)
    }
}
