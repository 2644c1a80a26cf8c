//! A request that a server handles.

mod config;
mod exchange;

pub use config::ServerConfig;
pub use exchange::ServerExchange;
