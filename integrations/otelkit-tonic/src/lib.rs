//! Spans and metrics of gRPC for [tonic]: a layer for servers, and one for clients.
//!
//! # Servers
//!
//! ```no_run
//! use otelkit_tonic::GrpcServerLayer;
//! use tonic::transport::Server;
//!
//! # async fn example(greeter: tonic::service::Routes) -> Result<(), tonic::transport::Error> {
//! Server::builder()
//!     .layer(GrpcServerLayer::new())
//!     .add_routes(greeter)
//!     .serve("127.0.0.1:50051".parse().unwrap())
//!     .await
//! # }
//! ```
//!
//! Each call, unary or streaming, is a span `shop.Orders/Place` below the caller's, which the
//! metadata name, from its head to the end of the response, and is counted and timed in
//! `rpc.server.call.duration`. A handler that panics is answered with `INTERNAL`. A call that
//! nobody answers, because the client has gone, is cancelled; one that is given up because the time
//! of its `grpc-timeout` is up has the status `DEADLINE_EXCEEDED`, though tonic itself answers
//! `CANCELLED`.
//!
//! # Clients
//!
//! ```no_run
//! use otelkit_tonic::GrpcClientLayer;
//! use tonic::transport::Endpoint;
//! use tower::ServiceBuilder;
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let endpoint = Endpoint::from_static("http://shop.example:50051");
//! let channel = ServiceBuilder::new()
//!     .layer(GrpcClientLayer::of(endpoint.uri()))
//!     .service(endpoint.connect_lazy());
//! // let mut orders = OrdersClient::new(channel);
//! # drop(channel);
//! # Ok(())
//! # }
//! ```
//!
//! Each call is a span below the current one, until its last message and status are there, or
//! until the program drops it. Baggage, trace state and the span go along in the metadata.
//!
//! # Status
//!
//! Names and values are those of OpenTelemetry's [conventions], whose RPC part is a release
//! candidate: `rpc.system.name`, `rpc.method`, `rpc.response.status_code`, `error.type`. How many
//! messages went either way is in `otelkit.rpc.messages.sent` and `otelkit.rpc.messages.received`.
//!
//! | status of the call | span of a client | span of a server |
//! |---|---|---|
//! | `OK` | unset | unset |
//! | `UNKNOWN`, `DEADLINE_EXCEEDED`, `UNIMPLEMENTED`, `INTERNAL`, `UNAVAILABLE`, `DATA_LOSS` | error | error |
//! | any other | error | unset |
//!
//! A method that the server does not know has many names. So where the answer is
//! `UNIMPLEMENTED`, `rpc.method` is `_OTHER` in metrics and on the span, which keeps what the client
//! asked for in `rpc.method_original`; [`GrpcServerLayer::known_methods`] says which are methods
//! instead.
//!
//! # Cost
//!
//! A call allocates a box around the body of its request, and what the metadata of a client's
//! request need.
//!
//! [tonic]: https://docs.rs/tonic
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
#![forbid(unsafe_code)]

mod body;
mod call;
mod client;
mod deadline;
mod messages;
mod metadata;
mod metrics;
mod server;

pub use body::ObservedBody;
pub use client::{ClientFuture, GrpcClient, GrpcClientLayer};
pub use metadata::{MetadataExtractor, MetadataInjector};
pub use server::{GrpcServer, GrpcServerLayer, ServerFuture};
