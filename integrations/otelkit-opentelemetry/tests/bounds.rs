//! Scopes and targets without end take places with an end. A process of its own: once the places are
//! taken, they are.

use std::collections::BTreeSet;

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::trace::{Span as _, Tracer as _, TracerProvider as _};
use otel_runtime::Config;
use otel_runtime::export::{MemoryExporter, ValueData};
use otel_runtime::log::log_sites;
use otelkit_observed::Observed;
use otelkit_opentelemetry::{LoggerProvider, TracerProvider};

#[test]
fn scopes_without_end_take_places_with_an_end() {
    let mut observed = Observed::start();
    let provider = TracerProvider::new();
    let before = otel_runtime::site::sites().count();
    const SCOPES: usize = 700;
    for scope in 0..SCOPES {
        provider
            .tracer(format!("scope {scope}"))
            .start("work")
            .end();
    }
    assert!(otel_runtime::site::sites().count() - before <= 501);
    let mut scopes: Vec<_> = observed
        .spans(SCOPES)
        .iter()
        .map(|span| match span.attribute("otel.scope.name") {
            Some(ValueData::Str(name)) => name.clone(),
            _ => span.scope_name.clone(),
        })
        .collect();
    scopes.sort();
    scopes.dedup();
    assert_eq!(scopes.len(), SCOPES);
}

#[test]
fn targets_without_end_take_places_with_an_end() {
    const TARGETS: usize = 1200;
    let before = log_sites().count();
    let memory = MemoryExporter::new();
    let mut observed = Observed::with(Config::new().with_exporter(memory.clone()));
    let provider = LoggerProvider::new();
    for target in 0..TARGETS {
        let logger = provider.logger(format!("target.{target}"));
        let mut record = logger.create_log_record();
        record.set_severity_number(Severity::Info);
        logger.emit(record);
    }
    let _ = observed.spans(0);
    drop(observed);
    let logs = memory.logs();
    assert!(log_sites().count() - before <= 1001);
    let targets: BTreeSet<_> = logs.iter().map(|log| log.target.clone()).collect();
    assert_eq!(targets.len(), TARGETS);
}
