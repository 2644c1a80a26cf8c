//! What a program sees that speaks `tracing` and has the layer.

mod asynchronous;
mod errors;
mod fields;
mod filters;
mod interleavings;
mod logs;
mod nesting;
mod order;
mod span_events;

use std::sync::OnceLock;

use tracing_subscriber::layer::SubscriberExt;

/// Makes the layer listen, for the whole process: each test sees its own spans by a capture.
fn listen() {
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| {
        let subscriber = tracing_subscriber::registry().with(otelkit_tracing::layer());
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// Starts a capture in a process that listens.
fn capture() -> otel_runtime::testing::Capture {
    listen();
    otel_runtime::testing::Capture::start()
}
