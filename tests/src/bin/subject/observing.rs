//! What a forked child does with the callbacks that its parent's metrics come from.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use otel_runtime::metric::ObservableGauge;
use otel_runtime::{Config, install};
use otelkit_tests::process::child::tell;

use crate::fork::in_child;

static HEAT: ObservableGauge = ObservableGauge::new("oven.temperature", &[]);
static HUMIDITY: ObservableGauge = ObservableGauge::new("oven.humidity", &[]);

/// Forks again and again while another thread reads, and callbacks come and go.
pub(crate) fn play() {
    let telemetry = Arc::new(install(Config::new()).unwrap());
    let observed = HEAT.observe(|heat| heat.set(1.0, ()));
    let stop = Arc::new(AtomicBool::new(false));
    let reader = {
        let (telemetry, stop) = (Arc::clone(&telemetry), Arc::clone(&stop));
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let _ = telemetry.metrics();
                drop(HEAT.observe(|heat| heat.set(2.0, ())));
            }
        })
    };
    let mut observed = Some(observed);
    let mut failed = 0;
    for _ in 0..50 {
        let status = in_child(|| {
            let anew = install(Config::new()).unwrap();
            assert!(anew.metrics().metric("oven.temperature").is_none());
            let own = HUMIDITY.observe(|humidity| humidity.set(1.0, ()));
            // A guard of the parent's ends nothing of the child's.
            drop(observed.take());
            assert!(anew.metrics().metric("oven.humidity").is_some());
            drop(own);
            assert!(anew.metrics().metric("oven.humidity").is_none());
            anew.shutdown(Duration::from_secs(10)).unwrap();
        });
        failed += u32::from(status != 0);
    }
    stop.store(true, Ordering::Relaxed);
    reader.join().unwrap();
    tell("failed children", failed);
    tell(
        "observed by the parent",
        telemetry.metrics().metric("oven.temperature").is_some(),
    );
}
