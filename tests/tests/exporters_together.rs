//! Several exporters at once, one of which hangs.

use std::time::Duration;

use otel_runtime::export::otlp::{OtlpConfig, OtlpExporter};
use otel_runtime::{Config, install, span};
use otelkit_tests::receiver::{Answer, HttpReceiver};

#[test]
fn one_that_hangs_does_not_use_up_the_time_of_the_others() {
    let hanging = HttpReceiver::start([Answer::Hang]);
    let good = HttpReceiver::start([Answer::ok()]);
    let exporter = |receiver: &HttpReceiver| {
        let config = OtlpConfig::new()
            .endpoint(receiver.url())
            .timeout(Duration::from_secs(3600))
            .diagnostics(false);
        OtlpExporter::new(config).unwrap()
    };
    let config = Config::new()
        .with_exporter(exporter(&hanging))
        .with_exporter(exporter(&good));
    let telemetry = install(config).unwrap();
    drop(span!("a span"));
    telemetry.shutdown(Duration::from_secs(3)).unwrap_err();
    assert_eq!(good.requests_so_far().len(), 1);
}
