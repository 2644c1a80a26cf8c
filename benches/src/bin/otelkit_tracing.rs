//! The same program as tracing-opentelemetry's, with OtelKit's layer in place of that one: spans and
//! events of `tracing`, recorded by OtelKit with its defaults.
//!
//! Events become events of spans, as they do there, or log records where those are measured.

use std::process::ExitCode;

use otelkit_benches::Case;
use otelkit_benches::otelkit::{OtelKit, SetUp};
use otelkit_benches::tracing::Instrumented;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

struct Layer;

impl SetUp for Layer {
    const NAME: &'static str = "otelkit-tracing";
    const WITHOUT: &[Case] = &[];
    type Program = Instrumented;

    fn subscribe() {
        let logs = std::env::args().any(|arg| arg == "logs10");
        let layer = otelkit_tracing::layer()
            .with_logs(logs)
            .with_span_events(!logs);
        tracing_subscriber::registry()
            .with(LevelFilter::INFO)
            .with(layer)
            .init();
    }
}

fn main() -> ExitCode {
    otelkit_benches::main::<OtelKit<Layer>>()
}
