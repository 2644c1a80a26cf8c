//! What the tests of this crate share: spans made of anything, receivers that misbehave, whole processes.

pub mod calls;
pub mod checker;
pub mod declared;
#[cfg(doctest)]
mod documents;
pub mod durations;
pub mod export;
pub mod grpc;
pub mod logs;
pub mod metrics;
pub mod process;
pub mod prometheus;
pub mod receiver;
pub mod scraped;
pub mod spans;
pub mod tls;
