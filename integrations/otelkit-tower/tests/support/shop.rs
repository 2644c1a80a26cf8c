//! A shop with orders, and what its spans have in common.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use bytes::Bytes;
use otel_runtime::traced;
use otelkit_observed::assert_text;

#[traced]
async fn load(id: u64) -> String {
    format!("order {id}")
}

async fn order(axum::extract::Path(id): axum::extract::Path<u64>) -> Result<String, StatusCode> {
    match id {
        404 => Err(StatusCode::NOT_FOUND),
        500 => Err(StatusCode::INTERNAL_SERVER_ERROR),
        666 => panic!("order {id} is cursed"),
        id => Ok(load(id).await),
    }
}

pub(crate) fn shop() -> Router {
    Router::new()
        .route("/orders/{id}", get(order))
        .route("/orders", post(async |body: Bytes| body.len().to_string()))
        .fallback(async || (StatusCode::NOT_FOUND, "nothing here"))
}

const SERVED: &str = "http.request.method=GET http.route=/orders/{id}";
const PEER: &str = "server.address=shop.example server.port=80 client.address=127.0.0.1 \
                    network.peer.address=127.0.0.1 PORT network.protocol.version=1.1";

/// The tree with what is the same in all of them filled in.
#[track_caller]
pub(crate) fn assert_tree(actual: &str, expected: &str) {
    let expected = expected.replace("SERVED", SERVED).replace("PEER", PEER);
    assert_text(actual, &expected);
}
