//! The same as `otelkit_tracing`, without a registry between the program and OtelKit's layer: for
//! those who have no other layer.

use std::process::ExitCode;

use otelkit_benches::Case;
use otelkit_benches::otelkit::{OtelKit, SetUp};
use otelkit_benches::tracing::Instrumented;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

struct Alone;

impl SetUp for Alone {
    const NAME: &'static str = "otelkit-tracing-alone";
    const WITHOUT: &[Case] = &[];
    type Program = Instrumented;

    fn subscribe() {
        let logs = std::env::args().any(|arg| arg == "logs10");
        let layer = otelkit_tracing::layer()
            .with_logs(logs)
            .with_span_events(!logs);
        layer.alone().with(LevelFilter::INFO).init();
    }
}

fn main() -> ExitCode {
    otelkit_benches::main::<OtelKit<Alone>>()
}
