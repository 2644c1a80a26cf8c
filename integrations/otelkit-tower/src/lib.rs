//! Spans and metrics of HTTP for anything [tower]: a layer for servers (axum, hyper), and one for
//! clients.
//!
//! # Servers
//!
//! ```
//! use axum::Router;
//! use axum::routing::get;
//! use otelkit_tower::HttpServerLayer;
//!
//! let app: Router = Router::new()
//!     .route("/orders/{id}", get(|| async { "an order" }))
//!     .layer(
//!         HttpServerLayer::new()
//!             .request_header("x-tenant")
//!             .leave_out(|path| path == "/health"),
//!     );
//! # drop(app);
//! ```
//!
//! Each request is a span `GET /orders/{id}` below the caller's, which `traceparent` names, from its
//! head to the end of the response's body. Its attributes and the metrics
//! `http.server.request.duration`, `http.server.active_requests`, `http.server.request.body.size`
//! and `http.server.response.body.size` are those of OpenTelemetry's [conventions]. The route is
//! axum's matched one, with the feature `axum`; a router of another kind says it by the extension
//! [`Route`]. It is never taken from the path.
//!
//! | how it ended | status | `error.type` | outcome |
//! |---|---|---|---|
//! | a response below 500 | unset | | ok |
//! | a response from 500 on | error | the status | ok |
//! | an error of the service, or of the response's body | error | what it [is](otelkit_http::classify) | error |
//! | a panic | error | `panic` | panicked |
//! | the client has gone, or somebody outside gave up | unset | `cancelled` | cancelled |
//!
//! The size of a request's body is the one that its `Content-Length` announces.
//!
//! A panic goes on as ever, or is answered by a 500 if [`HttpServerLayer::answer_panics`] says so.
//! The span of an upgraded connection, a websocket for example, ends with the handshake.
//!
//! # Clients
//!
//! ```
//! use otelkit_tower::{HttpClientLayer, ResendsLayer, UrlTemplate};
//! use tower::ServiceBuilder;
//!
//! # fn example<S>(client: S) {
//! let client = ServiceBuilder::new()
//!     .layer(ResendsLayer)           // before what sends again: retries, redirects
//!     .layer(HttpClientLayer::new())
//!     .service(client);
//! # drop(client);
//! # }
//! let request = http::Request::get("https://shop.example/orders/7")
//!     .extension(UrlTemplate("/orders/{id}".into()));
//! # drop(request);
//! ```
//!
//! Each time that a request is sent is a span of its own, below the current one, from its head to
//! the end of the response's body. Credentials in the URL and values of signing keys are not shown.
//! A response from 400 on is a failure.
//!
//! # Cost
//!
//! In the steady state neither layer locks. With the span recorded and all metrics on, a request
//! with a `traceparent` allocates nothing in the server layer, but for what headers need that are to
//! be recorded, and for baggage; what a router does to layers, such as axum's boxing of bodies and
//! futures, comes on top. The client layer allocates four times: for the host, and for the header
//! that it sets.
//!
//! # Errors
//!
//! A service's error type implements [`Error`](std::error::Error), as most do, or it is a
//! `Box<dyn Error + Send + Sync>`, as that of `tower::timeout` is: then say
//! [`HttpServerLayer::boxed_errors`]. For bodies there is `boxed_body_errors`.
//!
//! [tower]: https://docs.rs/tower
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/http/
#![forbid(unsafe_code)]

mod client;
mod client_future;
mod resends;
mod route;
mod server;
mod server_future;
#[cfg(feature = "timeout")]
mod timeout;

pub use client::{HttpClient, HttpClientLayer};
pub use client_future::{ClientBody, ClientFuture};
pub use otelkit_http::{
    BoxedErrors, KnownMethods, ObservedBody, PeerAddr, Redaction, ResendCount, TypedErrors,
    UrlTemplate,
};
pub use resends::{CountingResends, ResendsFuture, ResendsLayer};
pub use route::{MatchedRoute, Route};
pub use server::{HttpServer, HttpServerLayer};
pub use server_future::{ResponseBody, ServerFuture};
