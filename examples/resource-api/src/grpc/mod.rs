//! The resources over gRPC, as `proto/resources.proto` describes it.

mod convert;
mod service;
mod status;

pub use service::Service;

/// What the .proto says, in Rust.
#[allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    reason = "generated"
)]
pub mod v1 {
    tonic::include_proto!("resources.v1");
}
