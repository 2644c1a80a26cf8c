//! Spans and metrics of the requests that [reqwest] sends.
//!
//! A [`Client`] is made of a [`reqwest::Client`] and used as one:
//!
//! ```
//! use otelkit_reqwest::Client;
//!
//! # async fn example() -> Result<(), reqwest::Error> {
//! let client = Client::from(reqwest::Client::new());
//! let orders = client
//!     .get("https://shop.example/orders/7?sig=secret")
//!     .url_template("/orders/{id}")
//!     .header("x-tenant", "acme")
//!     .send()
//!     .await?
//!     .error_for_status()?
//!     .text()
//!     .await?;
//! # drop(orders);
//! # Ok(())
//! # }
//! ```
//!
//! Each [`send`](RequestBuilder::send) and [`execute`](Client::execute) is a span
//! `GET /orders/{id}` of kind client below the current one, until the end of the response's body.
//! The server is told of it by the request's headers. Attributes and the metrics
//! `http.client.request.duration`, `http.client.request.body.size` and
//! `http.client.response.body.size` are those of OpenTelemetry's [conventions]. Credentials in the
//! URL and values of signing keys are not shown, nor are they in messages of errors.
//!
//! | how it ended | status | `error.type` |
//! |---|---|---|
//! | a response below 400, its body read or left unread | unset | |
//! | a response from 400 on | error | the status |
//! | an error, also of the response's body | error | `timeout`, `dns`, `io::ConnectionRefused`, .., else reqwest's own, as `reqwest::Redirect` |
//! | the future was dropped before there was a response | unset | `cancelled` |
//!
//! # Redirects
//!
//! reqwest follows redirects within one `send`, which stays one span. How many they were becomes
//! `http.request.resend_count`, if the client's policy is [counted]. What reqwest's own
//! [retries](reqwest::retry) send again is not counted: it does not tell.
//!
//! # Cost
//!
//! reqwest gives its responses' bodies out in a box; to observe them takes two more, and the copies
//! of the request's URL and host and what the headers need come on top.
//!
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/http/
#![forbid(unsafe_code)]

mod client;
mod observe;
mod redirects;
mod request;

pub use client::Client;
pub use otelkit_http::{KnownMethods, Redaction};
pub use redirects::counted;
pub use request::RequestBuilder;
