//! What is said of the process.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::hint::black_box;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use otel_runtime::metric::{AttributeValue, Metrics, NumberPoint, NumberValue, Points};
use otel_runtime::{Config, Telemetry, install};

fn installed() -> Telemetry {
    install(Config::new().process_metrics(true)).unwrap()
}

fn points(metrics: &Metrics, name: &str) -> Vec<NumberPoint> {
    match &metrics.metric(name).expect(name).points {
        Points::Sum { points, .. } | Points::Gauge(points) => points.clone(),
        other => panic!("{other:?}"),
    }
}

fn double(point: &NumberPoint) -> f64 {
    match point.value {
        NumberValue::Double(value) => value,
        NumberValue::Int(value) => value as f64,
    }
}

fn number(metrics: &Metrics, name: &str) -> f64 {
    double(&points(metrics, name)[0])
}

#[test]
fn the_process_has_times_sizes_and_counts() {
    let started = Instant::now();
    let telemetry = installed();
    while started.elapsed() < Duration::from_millis(30) {
        black_box(0);
    }
    let metrics = telemetry.metrics();
    let cpu = points(&metrics, "process.cpu.time");
    let modes: Vec<_> = cpu.iter().map(|point| point.attributes.clone()).collect();
    let mode = |name: &'static str| vec![("cpu.mode".into(), AttributeValue::from(name))];
    assert_eq!(modes, [mode("user"), mode("system")]);
    assert!(cpu.iter().map(double).sum::<f64>() > 0.0);
    let resident = number(&metrics, "process.memory.usage");
    let mapped = number(&metrics, "process.memory.virtual");
    assert!(
        resident > 100_000.0 && mapped > resident,
        "{resident} {mapped}"
    );
    assert!(number(&metrics, "process.uptime") >= 0.0);
    let kinds = |name| points(&metrics, name).len();
    assert_eq!(kinds("process.context_switches"), 2);
    assert_eq!(kinds("process.paging.faults"), 2);
    assert!(number(&metrics, "process.paging.faults") > 0.0);
}

#[test]
fn what_the_program_opens_and_starts_is_counted() {
    let telemetry = installed();
    let read = |name| number(&telemetry.metrics(), name);
    let files = read("process.unix.file_descriptor.count");
    let open: Vec<_> = (0..5).map(|_| File::open("/dev/null").unwrap()).collect();
    assert_eq!(read("process.unix.file_descriptor.count"), files + 5.0);
    drop(open);
    let threads = read("process.thread.count");
    let (release, gate) = mpsc::channel::<()>();
    let waiting = thread::spawn(move || gate.recv());
    assert_eq!(read("process.thread.count"), threads + 1.0);
    drop(release);
    let _ = waiting.join();
}

#[test]
fn nothing_is_said_of_the_process_unasked() {
    let telemetry = install(Config::new()).unwrap();
    let metrics = telemetry.metrics();
    let of_process = metrics
        .list
        .iter()
        .find(|it| it.name.starts_with("process."));
    assert!(of_process.is_none(), "{of_process:?}");
}
