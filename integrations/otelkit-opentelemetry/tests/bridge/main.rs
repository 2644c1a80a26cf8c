//! A program with annotated functions, and a library that knows the OpenTelemetry API alone.

mod contexts;
mod library;
mod logs;
mod meters;
mod nesting;
mod propagation;
mod property;
mod spans;
mod wrong_use;

use std::sync::OnceLock;

use otel_runtime::Config;
use otelkit_observed::Observed;
use otelkit_opentelemetry::Bridge;

/// A runtime for one test, behind the API's globals.
fn start() -> Observed {
    with(Config::new())
}

fn with(config: Config) -> Observed {
    static BRIDGE: OnceLock<()> = OnceLock::new();
    BRIDGE.get_or_init(|| Bridge::new().install().expect("the only bridge"));
    Observed::with(config)
}

/// An executor with two threads.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .expect("an executor")
        .block_on(future)
}
