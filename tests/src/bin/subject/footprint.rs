//! How much memory telemetry takes.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use otel_runtime::{Config, install};
use otelkit_tests::process::ledger::Ledger;
use otelkit_tests::process::site::work;
use otelkit_tests::process::{child::tell, ending, memory};

/// Records as much as it can, on as many threads as it is told, with telemetry or without.
pub(crate) fn play(variant: &str) {
    const SPANS: u64 = 400_000;
    let (threads, disabled) = match variant {
        "one-thread" => (1, false),
        "one-thread-disabled" => (1, true),
        "many-threads" => (1000, false),
        "many-threads-disabled" => (1000, true),
        other => panic!("no variant is called `{other}`"),
    };
    let ledger = Ledger::default();
    let config = Config::new().disabled(disabled);
    let telemetry = install(config.with_exporter(ledger)).unwrap();
    let start = Arc::new(Barrier::new(threads));
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let (start, spans) = (Arc::clone(&start), SPANS / threads as u64);
            let recorder = move || {
                start.wait();
                (0..spans).for_each(|_| work());
                start.wait();
            };
            let builder = thread::Builder::new().stack_size(64 * 1024);
            builder.spawn(recorder).unwrap()
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    tell("peak kib", memory::peak_kib());
    let _ = ending::shut_down(telemetry, Duration::from_secs(60));
}
