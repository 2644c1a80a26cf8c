//! One guard, used more than once and by several threads.

use std::sync::{Arc, Barrier, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, SpanView};
use otel_runtime::{Config, Loss, Resource, Stats, Telemetry, install};
use otelkit_tests::process::child::tell;
use otelkit_tests::process::ledger::{Ledger, Sieve};
use otelkit_tests::process::site::work;

const SOON: Duration = Duration::from_secs(10);

/// More than there could be by accident.
const MANY: usize = 200;

pub(crate) fn play(variant: &str) {
    match variant {
        "flushed-by-many" => flushed_by_many(),
        "shut-down-twice" => shut_down_twice(),
        "shut-down-by-many" => shut_down_by_many(),
        "flushed-while-shut-down" => flushed_while_shut_down(),
        "loss-told-once" => loss_told_once(),
        "in-a-static" => in_a_static(),
        "by-its-exporter" => by_its_exporter(),
        "exporter-that-stays" => exporter_that_stays(),
        "disabled" => disabled(),
        other => panic!("no variant is called `{other}`"),
    }
}

/// The collector is held until all have asked, and then answers all in one go.
fn flushed_by_many() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    ledger.shut();
    work();
    let flushed = by_many(|| telemetry.flush(SOON), || ledger.open());
    tell("ok", count_ok(&flushed));
    tell("exported", ledger.count("work"));
}

fn shut_down_twice() {
    let ledger = Ledger::default();
    let first = install(Config::new().with_exporter(ledger.clone())).unwrap();
    work();
    let stats = first.shutdown(SOON).unwrap();
    tell("same", first.shutdown(SOON).unwrap() == stats);
    tell("flush", first.flush(SOON).unwrap() == stats);
    tell("shutdowns", ledger.endings().1);

    let second_ledger = Ledger::default();
    let second = install(Config::new().with_exporter(second_ledger.clone())).unwrap();
    // what is left of the first is no business of the second
    tell("shutdown of the first", first.shutdown(SOON).is_ok());
    work();
    drop(first);
    work();
    second.shutdown(SOON).unwrap();
    tell("exported", ledger.count("work"));
    tell("exported by the second", second_ledger.count("work"));
}

fn shut_down_by_many() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    ledger.shut();
    work();
    let ended = by_many(|| telemetry.shutdown(SOON), || ledger.open());
    tell("ok", count_ok(&ended));
    tell("exported", ledger.count("work"));
    tell("shutdowns", ledger.endings().1);
    tell("again", install(Config::new()).is_ok());
}

/// A span that ends when the collector is gone is lost; it is told once, by whoever comes first.
fn flushed_while_shut_down() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    let mut shutdown = None;
    let flushed = by_many(
        || {
            work();
            telemetry.flush(SOON)
        },
        || shutdown = Some(telemetry.shutdown(SOON)),
    );
    let losses: Vec<_> = flushed
        .iter()
        .chain(&shutdown)
        .filter_map(|it| it.as_ref().err())
        .collect();
    tell(
        "reasons",
        losses.iter().filter(|loss| loss.reason().is_some()).count(),
    );
    let stats = telemetry.stats();
    let told: u64 = losses.iter().map(|loss| loss.lost()).sum();
    tell("told", told == stats.dropped());
    tell(
        "kept",
        stats.recorded == ledger.count("work") + stats.dropped(),
    );
}

fn loss_told_once() {
    let telemetry = install(Config::new().with_exporter(Sieve::default())).unwrap();
    (0..3).for_each(|_| work());
    let ended = by_many(|| telemetry.shutdown(SOON), || ());
    let told = ended.iter().filter_map(|ended| ended.as_ref().err());
    tell("lost", told.map(Loss::lost).sum::<u64>());
    // the drop has nothing to add
}

fn in_a_static() {
    static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();
    let ledger = Ledger::default();
    let installed = install(Config::new().with_exporter(ledger.clone())).unwrap();
    let telemetry = TELEMETRY.get_or_init(|| installed);
    work();
    tell("flush", telemetry.flush(SOON).is_ok());
    work();
    tell("shutdown", telemetry.shutdown(SOON).is_ok());
    tell("exported", ledger.count("work"));
}

/// Calls its own runtime from the collector thread, and hangs at its end if asked to.
#[derive(Default)]
struct Caller {
    telemetry: Arc<OnceLock<Telemetry>>,
    stays: bool,
}

impl Exporter for Caller {
    fn name(&self) -> &'static str {
        "caller"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn export(&mut self, _: &SpanView<'_>) {
        if let Some(telemetry) = self.telemetry.get() {
            let refused = telemetry.shutdown(SOON).unwrap_err();
            tell("refused", refused.reason().unwrap_or_default());
        }
    }

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        if self.stays {
            loop {
                thread::park();
            }
        }
    }
}

fn by_its_exporter() {
    let caller = Caller::default();
    let place = Arc::clone(&caller.telemetry);
    let ledger = Ledger::default();
    let config = Config::new()
        .with_exporter(caller)
        .with_exporter(ledger.clone());
    let telemetry = place.get_or_init(|| install(config).unwrap());
    work();
    // the attempt from the exporter has changed nothing
    tell("flush", telemetry.flush(SOON).is_ok());
    work();
    tell("shutdown", telemetry.shutdown(SOON).is_ok());
    tell("exported", ledger.count("work"));
}

fn exporter_that_stays() {
    let mut caller = Caller::default();
    caller.stays = true;
    let telemetry = install(Config::new().with_exporter(caller)).unwrap();
    let reason = telemetry.shutdown(Duration::from_millis(50)).unwrap_err();
    tell("reason", reason.reason().unwrap_or_default());
    tell("again", install(Config::new()).is_ok());
}

fn disabled() {
    let first = install(Config::new().disabled(true)).unwrap();
    first.shutdown(SOON).unwrap();
    let _second = install(Config::new()).unwrap();
    first.shutdown(SOON).unwrap();
    drop(first);
    // the second is still there
    tell("third", install(Config::new()).is_ok());
}

/// Has many threads call at once, and does something as soon as all of them are there.
fn by_many(
    call: impl Fn() -> Result<Stats, Loss> + Sync,
    meanwhile: impl FnOnce(),
) -> Vec<Result<Stats, Loss>> {
    let barrier = Barrier::new(MANY + 1);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..MANY)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    call()
                })
            })
            .collect();
        barrier.wait();
        meanwhile();
        let results = callers.into_iter().map(|caller| caller.join().unwrap());
        results.collect()
    })
}

fn count_ok(results: &[Result<Stats, Loss>]) -> usize {
    results.iter().filter(|result| result.is_ok()).count()
}
