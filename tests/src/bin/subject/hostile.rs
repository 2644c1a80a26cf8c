//! Exporters, threads and values that do what they should not.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, SpanView};
use otel_runtime::{Config, Resource, SpanLimits, install};
use otelkit_tests::process::child::tell;
use otelkit_tests::process::ending;
use otelkit_tests::process::ledger::Ledger;
use otelkit_tests::process::site::work;
use otelkit_tests::{guard, site};

const SOON: Duration = Duration::from_secs(10);

pub(crate) fn play(what: &str) {
    match what {
        "exporter-panics" => exporter_panics(),
        "exporter-hangs" => exporter_hangs(),
        "exporter-hangs-at-exit" => exporter_hangs_at_exit(),
        "exporter-records" => exporter_records(),
        "spans-in-destructors" => spans_in_destructors(),
        "racing-installs" => racing_installs(),
        "flush-under-load" => flush_under_load(),
        "cancelled-trace" => cancelled_trace(),
        "huge-value" => huge_value(),
        "no-time-left" => no_time_left(),
        "exit-in-thread" => exit_in_thread(),
        other => panic!("nothing hostile is called `{other}`"),
    }
}

/// Does something at each span, and counts it.
struct Doing<F>(F, Option<Arc<ExporterStats>>);

impl<F: FnMut() + Send> Exporter for Doing<F> {
    fn name(&self) -> &'static str {
        "doing"
    }

    fn start(
        &mut self,
        _resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        self.1 = Some(stats);
        Ok(())
    }

    fn export(&mut self, _span: &SpanView<'_>) {
        (self.0)();
        if let Some(stats) = &self.1 {
            stats.add_exported(1);
        }
    }

    fn tick(&mut self, _now: Instant) {}

    fn flush(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

fn exporter_panics() {
    let mut left = 3;
    let panicking = Doing(
        move || {
            left -= 1;
            assert!(left > 0, "the exporter panics");
        },
        None,
    );
    let ledger = Ledger::default();
    let config = Config::new().with_exporter(panicking);
    let telemetry = install(config.with_exporter(ledger.clone())).unwrap();
    (0..10).for_each(|_| work());
    let stats = ending::shut_down(telemetry, SOON);
    tell("the other got", ledger.count("work"));
    for exporter in &stats.exporters {
        tell(&format!("{} exported", exporter.name), exporter.exported);
        let dropped: u64 = exporter.dropped.iter().map(|(_, spans)| spans).sum();
        tell(&format!("{} dropped", exporter.name), dropped);
    }
}

fn exporter_hangs() {
    let ledger = Ledger::default();
    ledger.shut();
    let telemetry = install(Config::new().with_exporter(ledger)).unwrap();
    work();
    let impatient = Duration::from_millis(50);
    match telemetry.flush(impatient) {
        Ok(_) => tell("flush", "ok"),
        Err(loss) => tell("flush", loss),
    }
    match telemetry.shutdown(impatient) {
        Ok(_) => tell("shutdown", "ok"),
        Err(loss) => tell("shutdown", loss),
    }
    match install(Config::new()) {
        Ok(_) => tell("install", "ok"),
        Err(error) => tell("install", error),
    }
}

fn exporter_hangs_at_exit() {
    let ledger = Ledger::default();
    ledger.shut();
    let config = Config::new().drop_timeout(Duration::from_millis(50));
    let telemetry = install(config.with_exporter(ledger)).unwrap();
    work();
    std::mem::forget(telemetry);
    tell("exiting", true);
    std::process::exit(3);
}

/// What an exporter does is not recorded, or it would export itself for ever.
fn exporter_records() {
    let own = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&own);
    let recording = Doing(
        move || {
            work();
            let _span = guard!("exporting");
            thread::spawn(|| ()).join().unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
        },
        None,
    );
    let telemetry = install(Config::new().with_exporter(recording)).unwrap();
    (0..5).for_each(|_| work());
    for _ in 0..5 {
        let _ = telemetry.flush(SOON);
    }
    drop(telemetry);
    tell("exported", own.load(Ordering::SeqCst));
}

/// Records when its thread is torn down.
struct LastWords;

impl Drop for LastWords {
    fn drop(&mut self) {
        let _span = guard!("last words");
        otel_runtime::add_event("farewell", &[("to", &"all")]);
        work();
    }
}

thread_local! {
    static EARLY: RefCell<Option<LastWords>> = const { RefCell::new(None) };
    static LATE: RefCell<Option<LastWords>> = const { RefCell::new(None) };
}

/// Destructors of thread-locals run before and after the runtime's own.
fn spans_in_destructors() {
    const THREADS: u64 = 20;
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    for _ in 0..THREADS {
        let thread = thread::spawn(|| {
            EARLY.set(Some(LastWords));
            work();
            LATE.set(Some(LastWords));
        });
        thread.join().unwrap();
    }
    let stats = ending::shut_down(telemetry, SOON);
    tell("recorded", THREADS * 5);
    tell("exported", ledger.total());
    tell("dropped", stats.dropped());
}

fn racing_installs() {
    const RACERS: usize = 16;
    let start = Arc::new(Barrier::new(RACERS));
    let racers: Vec<_> = (0..RACERS)
        .map(|_| {
            let start = Arc::clone(&start);
            thread::spawn(move || {
                start.wait();
                install(Config::new())
            })
        })
        .collect();
    let results: Vec<_> = racers.into_iter().map(|it| it.join().unwrap()).collect();
    tell("installed", results.iter().filter(|it| it.is_ok()).count());
}

fn flush_under_load() {
    let ledger = Ledger::default();
    // a small buffer, always full
    let config = Config::new().max_buffer_bytes(256 << 10);
    let telemetry = install(config.with_exporter(ledger.clone())).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let recorders: Vec<_> = (0..2)
        .map(|_| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                let mut recorded = 0u64;
                while !stop.load(Ordering::Relaxed) {
                    work();
                    recorded += 1;
                }
                recorded
            })
        })
        .collect();
    for _ in 0..10 {
        // may tell losses: the recorders do not wait for anybody
        let _ = telemetry.flush(SOON);
    }
    tell("flushes", ledger.endings().0);
    stop.store(true, Ordering::Relaxed);
    let recorded: u64 = recorders.into_iter().map(|it| it.join().unwrap()).sum();
    let stats = ending::shut_down(telemetry, SOON);
    tell("recorded", recorded);
    tell("exported", ledger.total());
    tell("dropped", stats.dropped());
}

fn cancelled_trace() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    work();
    {
        let _outer = guard!("outer");
        (0..3).for_each(|_| work());
        otel_runtime::cancel_trace();
        (0..3).for_each(|_| work());
    }
    work();
    match telemetry.shutdown(SOON) {
        Ok(stats) => {
            tell("recorded", stats.recorded);
            tell("dropped", stats.dropped());
            tell("lost", stats.lost());
        }
        Err(loss) => tell("shutdown", loss),
    }
    tell("exported", ledger.total());
    tell("outer", ledger.count("outer"));
}

fn huge_value() {
    let ledger = Ledger::default();
    let mut limits = SpanLimits::default();
    limits.value_length = u32::MAX;
    let config = Config::new().limits(limits);
    let telemetry = install(config.with_exporter(ledger.clone())).unwrap();
    let huge = "ß".repeat(2 << 20);
    for _ in 0..10 {
        let mut span = otel_runtime::__private::Guard::<1>::enter(site!("huge", ["text"]));
        span.capture(0, &huge);
        otel_runtime::set_attribute("late", &huge);
        otel_runtime::add_event("event", &[("text", &huge)]);
        drop(span);
        let _ = telemetry.flush(SOON);
    }
    let stats = ending::shut_down(telemetry, SOON);
    tell("exported", ledger.count("huge"));
    tell("dropped", stats.dropped());
    tell("dropped notes", stats.dropped_notes);
}

/// The time is up before the collector has seen anything.
fn no_time_left() {
    const SPANS: u64 = 20_000;
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    (0..SPANS).for_each(|_| work());
    let stats = ending::shut_down(telemetry, Duration::ZERO);
    tell("recorded", stats.recorded);
    tell("exported", ledger.total());
    tell("dropped", stats.dropped());
}

fn exit_in_thread() {
    let ledger = Ledger::default();
    let _telemetry = install(Config::new().with_exporter(ledger)).unwrap();
    for _ in 0..2 {
        thread::spawn(|| {
            loop {
                work();
            }
        });
    }
    thread::spawn(|| {
        work();
        tell("exiting", true);
        std::process::exit(5)
    });
    loop {
        thread::park();
    }
}
