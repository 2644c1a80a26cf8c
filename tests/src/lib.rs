//! What the tests of this crate share: spans made of anything, and receivers that misbehave.

#[cfg(doctest)]
mod documents;
pub mod export;
pub mod grpc;
pub mod receiver;
pub mod spans;
pub mod tls;
