//! Futures go where the bare ones go.

use std::future::Future;
use std::sync::{Arc, Mutex};

use otel_runtime::traced;

#[traced(fields(id, %name))]
async fn work(id: u64, name: String, shared: Arc<Mutex<Vec<u8>>>) -> Result<u64, String> {
    shared.lock().unwrap().push(1);
    inner(&name).await;
    Ok(id)
}

#[traced(parent = otel_runtime::current_context())]
async fn inner(name: &str) -> usize {
    std::future::ready(name.len()).await
}

fn spawn<F>(_: F)
where
    F: Future + Send + 'static,
    F::Output: Send,
{
}

fn assert_sync<T: Sync>(_: &T) {}

fn main() {
    let future = work(1, "a".into(), Arc::default());
    assert_sync(&future);
    spawn(future);
    spawn(async move { inner("a").await });
}
