//! Traces that are not sampled: their spans are not recorded, what they say is.

use std::thread;
use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::{Config, Sampler, current_context, install, traced};
use tracing::{info, info_span};
use tracing_subscriber::layer::SubscriberExt;

#[traced]
fn ours() {
    info!("ours");
}

#[test]
fn a_trace_that_is_not_sampled_stays_so_on_every_thread_and_logs() {
    let exporter = MemoryExporter::new();
    let config = Config::new()
        .sampler(Sampler::parent_based(Sampler::AlwaysOff))
        .with_exporter(exporter.clone());
    let telemetry = install(config).unwrap();
    let subscriber = tracing_subscriber::registry().with(otelkit_tracing::layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let root = info_span!("root");
    let trace_id = root.in_scope(|| {
        let task = info_span!("task");
        thread::spawn(move || {
            task.in_scope(|| {
                ours();
                info_span!("deeper").in_scope(|| info!("theirs"));
            })
        })
        .join()
        .unwrap();
        current_context().unwrap().trace_id
    });
    drop(root);
    telemetry.flush(Duration::from_secs(10)).unwrap();
    assert_eq!(exporter.spans(), []);
    let logs = exporter.logs();
    assert_eq!(logs.len(), 2);
    for log in logs {
        assert_eq!(log.trace_id, Some(trace_id));
        assert!(!log.trace_flags.is_sampled());
    }
}
