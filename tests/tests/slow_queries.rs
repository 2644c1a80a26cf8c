//! `Config::slow_queries`, in a process of its own: from when on a call of a database is slow.

use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::{Config, db_query, install};

#[db_query("SELECT 1 FROM usual", system = "sqlite")]
fn usual() {}

#[db_query("SELECT 1 FROM patient", system = "sqlite", slow = "1h")]
fn patient() {}

#[test]
fn what_the_configuration_calls_slow_says_so_unless_its_annotation_knows_better() {
    let memory = MemoryExporter::new();
    let config = Config::new().slow_queries(Duration::ZERO);
    let telemetry = install(config.with_exporter(memory.clone())).unwrap();
    usual();
    patient();
    telemetry.shutdown(Duration::from_secs(10)).unwrap();
    let told: Vec<_> = memory
        .take()
        .iter()
        .map(|span| {
            let events = span.events.iter().map(|event| event.name.to_string());
            (span.name.to_string(), events.collect::<Vec<_>>())
        })
        .collect();
    let slow = "otelkit.db.slow_query".to_owned();
    assert_eq!(
        told,
        [
            ("SELECT usual".to_owned(), vec![slow]),
            ("SELECT patient".to_owned(), vec![]),
        ]
    );
}
