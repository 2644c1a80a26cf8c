//! What a forked child does with the callbacks that its parent's metrics come from.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use otel_runtime::metric::{Metrics, NumberValue, ObservableGauge, Points};
use otel_runtime::recorder::MetricsRecorder;
use otel_runtime::{Config, install};
use otelkit_tests::process::child::tell;

use crate::fork::in_child;

static HEAT: ObservableGauge = ObservableGauge::new("oven.temperature", &[]);
static HUMIDITY: ObservableGauge = ObservableGauge::new("oven.humidity", &[]);

/// Forks while other threads count with the `metrics` crate, and make new series all the time.
pub(crate) fn play_recorder() {
    let config = || Config::new().with_metrics_recorder(MetricsRecorder::new());
    let telemetry = install(config()).unwrap();
    let kept = metrics::counter!("kept");
    let stop = Arc::new(AtomicBool::new(false));
    let counting: Vec<_> = (0..2)
        .map(|worker| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                let mut counted = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    let step = format!("{worker}.{counted}");
                    metrics::counter!("made", "step" => step).increment(1);
                    counted += 1;
                }
                counted
            })
        })
        .collect();
    let mut failed = 0;
    for _ in 0..20 {
        kept.increment(1);
        let status = in_child(|| {
            // Nothing is installed in the child: this counts nowhere.
            kept.increment(10);
            metrics::counter!("made", "step" => "of child").increment(1);
            let anew = install(config()).unwrap();
            kept.increment(100);
            metrics::counter!("kept").increment(1000);
            metrics::counter!("new").increment(1);
            assert_eq!(sum(&anew.metrics(), "kept"), 1100);
            assert_eq!(sum(&anew.metrics(), "new"), 1);
            assert_eq!(sum(&anew.metrics(), "made"), 0);
            anew.shutdown(Duration::from_secs(10)).unwrap();
        });
        failed += u32::from(status != 0);
    }
    stop.store(true, Ordering::Relaxed);
    let counted: u64 = counting.into_iter().map(|it| it.join().unwrap()).sum();
    tell("failed children", failed);
    tell("counted", counted);
    tell("made", sum(&telemetry.metrics(), "made"));
    tell("kept", sum(&telemetry.metrics(), "kept"));
}

fn sum(metrics: &Metrics, name: &str) -> i64 {
    match metrics.metric(name).map(|metric| &metric.points) {
        Some(Points::Sum { points, .. }) => points
            .iter()
            .map(|point| match point.value {
                NumberValue::Int(value) => value,
                NumberValue::Double(value) => panic!("{value}"),
            })
            .sum(),
        other => panic!("{other:?}"),
    }
}

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
