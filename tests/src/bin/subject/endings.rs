//! How a program ends, and what of its telemetry survives.

use std::time::Duration;

use otel_runtime::{Config, install};
use otelkit_tests::process::child::tell;
use otelkit_tests::process::ledger::{Ledger, Printer, Sieve};
use otelkit_tests::process::site::work;

const SOON: Duration = Duration::from_secs(10);

pub(crate) fn not_installed() {
    work();
    tell("context", otel_runtime::current_context().is_some());
    tell("ended", true);
}

pub(crate) fn installed_twice() {
    let ledger = Ledger::default();
    let first = install(Config::new().with_exporter(ledger.clone()));
    let second = install(Config::new());
    match second {
        Ok(_) => tell("second", "installed"),
        Err(error) => tell("second", error),
    }
    work();
    drop(first);
    tell("exported", ledger.count("work"));
}

pub(crate) fn installed_again() {
    for round in ["first", "second"] {
        let ledger = Ledger::default();
        let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
        work();
        telemetry.shutdown(SOON).unwrap();
        tell(round, ledger.count("work"));
    }
}

pub(crate) fn flushed_twice() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    work();
    tell("flush 1", telemetry.flush(Duration::MAX).is_ok());
    tell("after flush 1", ledger.count("work"));
    tell("flush 2", telemetry.flush(SOON).is_ok());
    work();
    tell("shutdown", telemetry.shutdown(SOON).is_ok());
    tell("after shutdown", ledger.count("work"));
    tell("shutdowns", ledger.endings().1);
}

pub(crate) fn dropped() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    work();
    drop(telemetry);
    tell("exported", ledger.count("work"));
}

pub(crate) fn disabled() {
    let ledger = Ledger::default();
    let config = Config::new().disabled(true).with_exporter(ledger.clone());
    let telemetry = install(config).unwrap();
    work();
    tell("flush", telemetry.flush(SOON).is_ok());
    tell("shutdown", telemetry.shutdown(SOON).is_ok());
    tell("exported", ledger.total());
}

pub(crate) fn recorded_after_shutdown() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    telemetry.shutdown(SOON).unwrap();
    work();
    tell("exported", ledger.count("work"));
}

/// Tells at its end what arrived, also while the thread unwinds.
struct TellAtEnd(Ledger);

impl Drop for TellAtEnd {
    fn drop(&mut self) {
        tell("exported", self.0.count("work"));
        tell("panicked", self.0.count("unlucky"));
        for entry in self.0.entries() {
            tell(&entry.name, format_args!("{:?}", entry.outcome));
        }
    }
}

pub(crate) fn panic_in_main() {
    let ledger = Ledger::keeping();
    // dropped after the guard that follows
    let _tell = TellAtEnd(ledger.clone());
    let _telemetry = install(Config::new().with_exporter(ledger)).unwrap();
    work();
    let _span = otelkit_tests::guard!("unlucky");
    panic!("on purpose");
}

pub(crate) fn told_losses() {
    let telemetry = install(Config::new().with_exporter(Sieve::default())).unwrap();
    for _ in 0..3 {
        work();
    }
    match telemetry.shutdown(SOON) {
        Ok(_) => tell("shutdown", "ok"),
        Err(error) => tell("shutdown", error),
    }
}

/// Ends without running a single destructor; the hook flushes.
pub(crate) fn exit() {
    let telemetry = install(Config::new().with_exporter(Printer::default())).unwrap();
    work();
    std::mem::forget(telemetry);
    std::process::exit(7);
}
