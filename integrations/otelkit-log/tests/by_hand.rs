//! Records that are made by hand, under targets without end. A process of its own: once the places are
//! taken, they are.

use std::collections::BTreeSet;
use std::time::Duration;

use log::{Level, Log, Record};
use otel_runtime::export::MemoryExporter;
use otel_runtime::log::log_sites;
use otel_runtime::{Config, install};
use otelkit_log::Logger;

const TARGETS: usize = 700;

#[test]
fn records_made_by_hand_share_places_beyond_a_number() {
    let memory = MemoryExporter::new();
    let telemetry = install(Config::new().with_exporter(memory.clone())).unwrap();
    let before = log_sites().count();
    let logger = Logger::new();
    for target in 0..TARGETS {
        let (target, file) = (format!("made.{target}"), format!("file-{target}.rs"));
        let record = |args| {
            Record::builder()
                .args(args)
                .level(Level::Warn)
                .target(&target)
                .module_path(Some("made"))
                .file(Some(&file))
                .line(Some(7))
                .build()
        };
        logger.log(&record(format_args!("by hand")));
    }
    assert!(log_sites().count() - before <= 501);
    telemetry.flush(Duration::from_secs(60)).unwrap();
    let logs = memory.logs();
    let places: BTreeSet<_> = logs
        .iter()
        .map(|log| (log.target.clone(), log.file.clone(), log.line))
        .collect();
    assert_eq!(places.len(), TARGETS);
    assert!(logs.iter().all(|log| log.module.as_deref() == Some("made")));
}
