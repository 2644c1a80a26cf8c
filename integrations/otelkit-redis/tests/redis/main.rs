//! Commands that real servers answer, and what is recorded of them.

mod async_pool;
mod asynchronous;
mod cluster;
mod conventions;
mod failures;
mod pool;
mod sentinel;
mod synchronous;

use otelkit_servers::redis::Redis;
use redis::Client;

/// A server, and a client for its database 3.
fn server() -> Option<(Redis, Client)> {
    let server = Redis::start()?;
    let client = Client::open(format!("{}3", server.url())).expect("an address");
    Some((server, client))
}

/// The port of a server is another one each time.
fn hidden(port: &u16) -> String {
    port.to_string()
}

/// What a test does where there is no executor yet.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("an executor")
        .block_on(future)
}
