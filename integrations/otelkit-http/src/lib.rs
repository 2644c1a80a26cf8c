//! What OtelKit's integrations of HTTP servers and clients share.
//!
//! Programs use `otelkit-tower`, `otelkit-actix` and `otelkit-reqwest`, which hand on what one
//! needs of this crate. It stands alone for frameworks that have no integration: a server gives the
//! head of each request to a [`ServerConfig`], a client to a [`ClientConfig`], and both tell what
//! they get, an [`Exchange`], how it went on.
//!
//! Attributes, names and metrics are those of OpenTelemetry's [conventions for HTTP].
//!
//! [conventions for HTTP]: https://opentelemetry.io/docs/specs/semconv/http/
#![forbid(unsafe_code)]

mod authority;
mod body;
mod client;
mod exchange;
mod failure;
mod forwarded;
mod head;
mod header_list;
mod methods;
mod metrics;
mod redaction;
mod server;
mod shown;

pub use body::ObservedBody;
pub use client::{ClientConfig, ClientExchange, ClientRequest, ResendCount, UrlTemplate};
pub use exchange::Exchange;
pub use failure::{BoxedErrors, ErrorLook, TypedErrors, classify};
pub use head::{Headers, PeerAddr, RequestHead, UsualHeaders, version_text};
pub use methods::KnownMethods;
pub use redaction::{FullUrl, Query, Redaction, UrlParts};
pub use server::{ServerConfig, ServerExchange};
