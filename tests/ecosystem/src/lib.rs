//! A shop of two services, made of libraries that each speak of their work in a way of their own.
//!
//! ```text
//! order ── tonic ──► orders ──┬── pricing    the OpenTelemetry API
//!                             ├── storage    sqlx: `tracing`
//!                             ├── audit      `log`
//!                             └── hyper-util ──► stock ──┬── storage
//!                                                        └── ledger   propagators of the API
//! ```
//!
//! Both services stand behind `TraceLayer` of `tower-http`, and both connections are HTTP/2, so that `h2`
//! speaks as well.

mod audit;
mod ledger;
mod orders;
mod pricing;
mod stock;
mod storage;
mod text;

use std::error::Error;

use otel_runtime::traced;
use tokio::sync::watch;
use tonic::Request;

/// Whatever can go wrong.
type Failure = Box<dyn Error + Send + Sync>;

/// Starts both services, orders something, and stops all that it has started.
///
/// # Errors
/// If anything fails.
pub fn run() -> Result<String, Box<dyn Error + Send + Sync>> {
    let executor = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    executor.block_on(async {
        let (stop, stopped) = watch::channel(());
        let pool = storage::open().await?;
        let (stock_at, stock) = stock::serve(pool.clone(), stopped.clone()).await?;
        let (orders_at, orders) = orders::serve(pool.clone(), stock_at, stopped).await?;
        let receipt = order(orders::client(orders_at)?, "apple").await?;
        drop(stop);
        orders.await??;
        stock.await??;
        pool.close().await;
        Ok(receipt)
    })
}

/// What the program is asked to do.
#[traced(name = "order")]
async fn order(mut client: orders::Client, item: &str) -> Result<String, Failure> {
    client.ready().await?;
    let request = Request::new(item.to_owned());
    let receipt = client.unary(request, orders::PLACE, text::Text).await?;
    Ok(receipt.into_inner())
}
