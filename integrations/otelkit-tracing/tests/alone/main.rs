//! What a program sees whose subscriber is the layer alone: the same, and what a registry keeps
//! otherwise.

#[path = "../layer/asynchronous.rs"]
mod asynchronous;
#[path = "../layer/errors.rs"]
mod errors;
#[path = "../layer/fields.rs"]
mod fields;
mod holders;
#[path = "../layer/interleavings.rs"]
mod interleavings;
#[path = "../layer/logs.rs"]
mod logs;
#[path = "../layer/nesting.rs"]
mod nesting;
#[path = "../layer/order.rs"]
mod order;

use std::sync::OnceLock;

/// Makes the subscriber listen, for the whole process: each test sees its own spans by a capture.
fn listen() {
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| {
        tracing::subscriber::set_global_default(otelkit_tracing::layer().alone()).unwrap();
    });
}

/// Starts a capture in a process that listens.
fn capture() -> otel_runtime::testing::Capture {
    listen();
    otel_runtime::testing::Capture::start()
}
