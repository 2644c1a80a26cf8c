//! A request that a client sends.

mod config;
mod exchange;
mod request;

pub use config::ClientConfig;
pub use exchange::ClientExchange;
pub use request::{ClientRequest, ResendCount, UrlTemplate};
