//! Threads by the thousand: every span is exported or counted as dropped.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use otel_runtime::{Config, Telemetry, install};
use otelkit_tests::process::child::tell;
use otelkit_tests::process::ending;
use otelkit_tests::process::ledger::Ledger;
use otelkit_tests::process::memory;
use otelkit_tests::process::site::work;
use otelkit_tests::{guard, site};

const SOON: Duration = Duration::from_secs(60);

/// One after the other, eight at a time.
pub(crate) fn short() {
    let (telemetry, ledger) = begin(Config::new());
    const SPANS: u64 = 5;
    let mut started = 0;
    while started < 10_000 {
        let batch: Vec<_> = (0..8)
            .map(|_| {
                thread::spawn(|| {
                    let _outer = guard!("outer");
                    (1..SPANS).for_each(|_| work());
                })
            })
            .collect();
        started += batch.len() as u64;
        batch.into_iter().for_each(|it| it.join().unwrap());
    }
    finish(telemetry, &ledger, started * SPANS);
}

/// All at the same time.
pub(crate) fn concurrent() {
    const THREADS: usize = 1000;
    const SPANS: u64 = 200;
    let (telemetry, ledger) = begin(Config::new());
    let start = Arc::new(Barrier::new(THREADS));
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let start = Arc::clone(&start);
            let builder = thread::Builder::new().stack_size(64 * 1024);
            let spawned = builder.spawn(move || {
                start.wait();
                (0..SPANS).for_each(|_| work());
                start.wait();
            });
            spawned.unwrap()
        })
        .collect();
    threads.into_iter().for_each(|it| it.join().unwrap());
    finish(telemetry, &ledger, THREADS as u64 * SPANS);
}

/// The collector does not come along: what does not fit is counted where it was lost.
pub(crate) fn overflow() {
    const SPANS: u64 = 300_000;
    let (telemetry, ledger) = begin(Config::new().max_buffer_bytes(1 << 20));
    ledger.shut();
    for _ in 0..SPANS {
        let _span = guard!("flood");
    }
    tell("peak kib", memory::peak_kib());
    ledger.open();
    let trickle = site!("trickle");
    // an error, since something was lost
    assert!(telemetry.flush(SOON).is_err());
    drop(otel_runtime::__private::Guard::<0>::enter(trickle));
    finish(telemetry, &ledger, SPANS + 1);
    for site in otel_runtime::site::sites() {
        tell(&format!("dropped at {}", site.name()), site.dropped());
    }
    tell("trickled", ledger.count("trickle"));
}

fn begin(config: Config) -> (Telemetry, Ledger) {
    let ledger = Ledger::default();
    let telemetry = install(config.with_exporter(ledger.clone())).unwrap();
    (telemetry, ledger)
}

fn finish(telemetry: Telemetry, ledger: &Ledger, recorded: u64) {
    let stats = ending::shut_down(telemetry, SOON);
    tell("recorded", recorded);
    tell("exported", ledger.total());
    tell("dropped", stats.lost());
}
