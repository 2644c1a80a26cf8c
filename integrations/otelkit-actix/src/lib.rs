//! Spans and metrics of the requests that [actix-web] serves.
//!
//! ```
//! use actix_web::{App, web};
//! use otelkit_actix::HttpTelemetry;
//!
//! let app = App::new()
//!     .wrap(
//!         HttpTelemetry::new()
//!             .request_header("x-tenant")
//!             .leave_out(|path| path == "/health"),
//!     )
//!     .route("/orders/{id}", web::get().to(async || "an order"));
//! # drop(app);
//! ```
//!
//! Each request is a span `GET /orders/{id}` below the caller's, which `traceparent` names, from its
//! head to the end of the response's body. Its attributes and the metrics
//! `http.server.request.duration`, `http.server.active_requests`, `http.server.request.body.size`
//! and `http.server.response.body.size` are those of OpenTelemetry's [conventions]. The route is the
//! pattern that the path matches (`HttpRequest::match_pattern`), and never the path.
//!
//! | how it ended | status | `error.type` | outcome |
//! |---|---|---|---|
//! | a response below 500 | unset | | ok |
//! | a response from 500 on; the error that it was made of is an `exception` event | error | the status | ok |
//! | an error of the response's body | error | what it [is](otelkit_http::classify) | error |
//! | a panic | error | `panic` | panicked |
//! | the client has gone, or somebody outside gave up | unset | `cancelled` | cancelled |
//!
//! The span of an upgraded connection, a websocket for example, ends with the handshake.
//!
//! The middleware that is wrapped last sees a request first: wrap this one last.
//!
//! # Cost
//!
//! The pattern of the route is a new string for each request, as actix-web gives it. Nothing else is
//! allocated, unless there are headers to be recorded, and nothing is locked.
//!
//! [actix-web]: https://docs.rs/actix-web
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/http/
#![forbid(unsafe_code)]

mod body;
mod future;
mod head;
mod middleware;

pub use body::ResponseBody;
pub use future::ServerFuture;
pub use middleware::{HttpTelemetry, Observing};
pub use otelkit_http::{KnownMethods, Redaction};
