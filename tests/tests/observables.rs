//! Instruments whose values are looked up when somebody reads, and other sources of metrics.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::metric::{
    self, Counter, Metric, MetricScope, Metrics, NumberPoint, NumberValue, ObservableCounter,
    ObservableGauge, ObservableUpDownCounter, Points, Source,
};
use otel_runtime::{Config, Telemetry, install, span};

static READ: ObservableCounter<bool> = ObservableCounter::new("cache.read", &["hit"])
    .unit("By")
    .description("Bytes read.")
    .scope("cache", "1.2.3");
static CONNECTIONS: ObservableUpDownCounter<bool> =
    ObservableUpDownCounter::new("pool.connections", &["idle"]);
static HEAT: ObservableGauge = ObservableGauge::new("oven.temperature", &[]).unit("Cel");
static COUNTED: Counter = Counter::new("counted", &[]);

const TIMEOUT: Duration = Duration::from_secs(60);

fn value(metrics: &Metrics, name: &str) -> Option<NumberValue> {
    match &metrics.metric(name)?.points {
        Points::Sum { points, .. } | Points::Gauge(points) => Some(points.first()?.value),
        other => panic!("{other:?}"),
    }
}

fn int(metrics: &Metrics, name: &str) -> Option<i64> {
    match value(metrics, name)? {
        NumberValue::Int(value) => Some(value),
        NumberValue::Double(value) => panic!("{value}"),
    }
}

/// In which every callback has the time that it takes.
fn config() -> Config {
    Config::new()
        .diagnostics(None)
        .observation_timeout(Duration::from_secs(600))
}

/// In which one that hangs is soon given up; another one may be as well, on a busy machine.
fn hasty() -> Config {
    config().observation_timeout(Duration::from_millis(20))
}

fn installed() -> Telemetry {
    install(config()).unwrap()
}

/// Reads until this metric is there, or is not.
fn until(telemetry: &Telemetry, name: &str, is_there: bool) -> Metrics {
    loop {
        let metrics = telemetry.metrics();
        if metrics.metric(name).is_some() == is_there {
            return metrics;
        }
    }
}

#[test]
fn callbacks_are_asked_at_each_reading_until_their_guard_is_dropped() {
    let memory = MemoryExporter::new();
    let telemetry = install(config().with_exporter(memory.clone())).unwrap();
    let read = Arc::new(AtomicU64::new(7));
    let of_callback = Arc::clone(&read);
    let observed = READ.observe(move |bytes| bytes.set(of_callback.load(Ordering::Relaxed), true));
    telemetry.flush(TIMEOUT).unwrap();
    let metric = memory.metrics().metric("cache.read").unwrap().clone();
    assert_eq!((&*metric.unit, &*metric.description), ("By", "Bytes read."));
    assert_eq!(metric.scope.name, "cache");
    let Points::Sum {
        is_monotonic: true,
        points,
        ..
    } = metric.points
    else {
        panic!("{:?}", metric.points);
    };
    // Nothing is said of the other series.
    assert_eq!(points.len(), 1);
    assert_eq!(points[0].attributes, [("hit".into(), true.into())]);
    assert_eq!(points[0].value, NumberValue::Int(7));
    assert!(points[0].start_unix_ns > 0 && points[0].unix_ns >= points[0].start_unix_ns);

    read.store(9, Ordering::Relaxed);
    assert_eq!(int(&telemetry.metrics(), "cache.read"), Some(9));
    drop(observed);
    assert_eq!(int(&telemetry.metrics(), "cache.read"), None);
    assert_eq!(telemetry.stats().missed_observations, 0);
}

#[test]
fn what_several_callbacks_say_is_one_point_for_each_series() {
    let telemetry = installed();
    let pools: Vec<_> = [3, 4]
        .map(|size| {
            CONNECTIONS.observe(move |connections| {
                connections.set(size, true);
                connections.set(10 * size, false);
            })
        })
        .into();
    HEAT.observe(|heat| heat.set(180.5, ())).forever();
    let metrics = telemetry.metrics();
    let Points::Sum {
        is_monotonic: false,
        points,
        ..
    } = &metrics.metric("pool.connections").unwrap().points
    else {
        panic!("{metrics:?}");
    };
    let values: Vec<_> = points.iter().map(|point| point.value).collect();
    assert_eq!(values, [NumberValue::Int(70), NumberValue::Int(7)]);
    drop(pools);
    let metrics = telemetry.metrics();
    assert!(metrics.metric("pool.connections").is_none());
    assert_eq!(
        value(&metrics, "oven.temperature"),
        Some(NumberValue::Double(180.5))
    );
}

#[test]
fn a_callback_that_panics_is_counted_and_ended_and_harms_nobody() {
    let telemetry = installed();
    COUNTED.add(5, ());
    let calls = Arc::new(AtomicU64::new(0));
    let of_callback = Arc::clone(&calls);
    let _broken = READ.observe(move |bytes| {
        bytes.set(1, true);
        of_callback.fetch_add(1, Ordering::Relaxed);
        panic!("broken");
    });
    let _fine = HEAT.observe(|heat| heat.set(1.0, ()));
    for _ in 0..3 {
        let metrics = telemetry.metrics();
        assert_eq!(int(&metrics, "counted"), Some(5));
        assert!(metrics.metric("cache.read").is_none());
        assert!(metrics.metric("oven.temperature").is_some());
    }
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    let stats = telemetry.shutdown(TIMEOUT).unwrap();
    assert_eq!(stats.missed_observations, 1);
}

#[test]
fn a_callback_that_hangs_is_left_out_until_it_comes_back() {
    let memory = MemoryExporter::new();
    let telemetry = install(hasty().with_exporter(memory.clone())).unwrap();
    let (release, gate) = mpsc::channel::<()>();
    let calls = Arc::new(AtomicU64::new(0));
    let of_callback = Arc::clone(&calls);
    let _hanging = READ.observe(move |bytes| {
        of_callback.fetch_add(1, Ordering::Relaxed);
        let _ = gate.recv();
        bytes.set(1, true);
    });
    let _fine = HEAT.observe(|heat| heat.set(1.0, ()));
    COUNTED.add(5, ());
    telemetry.flush(TIMEOUT).unwrap();
    let metrics = memory.metrics();
    assert_eq!(int(&metrics, "counted"), Some(5));
    assert!(metrics.metric("cache.read").is_none());
    let missed = telemetry.stats().missed_observations;
    assert!(missed >= 1);
    // It is not asked again, and the others are.
    let metrics = until(&telemetry, "oven.temperature", true);
    assert!(metrics.metric("cache.read").is_none());
    assert!(telemetry.stats().missed_observations > missed);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    // From now on it does not hang any more.
    drop(release);
    let _ = until(&telemetry, "cache.read", true);
}

#[test]
fn spans_flow_on_while_a_callback_hangs() {
    let config = config()
        .metric_interval(Duration::from_millis(1))
        .max_buffer_bytes(256 << 10);
    let telemetry = install(config.with_exporter(MemoryExporter::new())).unwrap();
    let (asked, is_asked) = mpsc::channel::<()>();
    let (release, gate) = mpsc::channel::<()>();
    let _hanging = READ.observe(move |_| {
        let _ = asked.send(());
        let _ = gate.recv();
    });
    is_asked.recv().unwrap();
    // More than the rings hold: they must be drained meanwhile.
    for number in 1..=5000 {
        drop(span!("a span"));
        while number % 500 == 0 && telemetry.stats().exported() < number {
            thread::yield_now();
        }
    }
    drop(release);
    let stats = telemetry.shutdown(TIMEOUT).unwrap();
    assert_eq!((stats.recorded, stats.lost()), (5000, 0));
}

#[test]
fn a_callback_may_do_with_telemetry_what_it_likes() {
    static INSIDE: OnceLock<metric::Attached> = OnceLock::new();
    let telemetry = Arc::new(installed());
    let of_callback = Arc::clone(&telemetry);
    let _observed = READ.observe(move |bytes| {
        COUNTED.add(1, ());
        INSIDE.get_or_init(|| HEAT.observe(|heat| heat.set(2.0, ())));
        // What the sources say is what is being asked: a reading in the middle of it leaves them out.
        let metrics = of_callback.metrics();
        assert!(metrics.metric("cache.read").is_none());
        bytes.set(int(&metrics, "counted").unwrap() as u64, true);
    });
    assert_eq!(int(&telemetry.metrics(), "cache.read"), Some(1));
    let metrics = telemetry.metrics();
    assert_eq!(int(&metrics, "cache.read"), Some(2));
    assert!(metrics.metric("oven.temperature").is_some());
    assert_eq!(telemetry.stats().missed_observations, 0);
}

#[test]
fn a_callback_that_waits_for_the_reading_itself_is_left_out() {
    let memory = MemoryExporter::new();
    let telemetry = Arc::new(install(hasty().with_exporter(memory.clone())).unwrap());
    let of_callback = Arc::clone(&telemetry);
    let _observed = READ.observe(move |bytes| {
        let _ = of_callback.flush(TIMEOUT);
        bytes.set(1, true);
    });
    COUNTED.add(5, ());
    telemetry.flush(TIMEOUT).unwrap();
    assert_eq!(int(&memory.metrics(), "counted"), Some(5));
    assert!(telemetry.stats().missed_observations >= 1);
}

#[test]
fn readers_and_callbacks_come_and_go_at_the_same_time() {
    let telemetry = installed();
    let is_over = AtomicBool::new(false);
    static LEVEL: AtomicI64 = AtomicI64::new(0);
    let _steady = CONNECTIONS.observe(|connections| {
        connections.set(LEVEL.fetch_add(1, Ordering::Relaxed), true);
    });
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    drop(HEAT.observe(|heat| heat.set(1.0, ())));
                }
            });
        }
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut last = -1;
                    for _ in 0..300 {
                        let level = int(&telemetry.metrics(), "pool.connections").unwrap();
                        assert!(level > last, "an observation older than the reading");
                        last = level;
                    }
                })
            })
            .collect();
        for reader in readers {
            reader.join().unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(telemetry.stats().missed_observations, 0);
}

#[test]
fn nobody_is_asked_after_the_shutdown_and_everybody_after_the_next_installation() {
    let first = MemoryExporter::new();
    let telemetry = install(config().with_exporter(first.clone())).unwrap();
    static CALLS: AtomicI64 = AtomicI64::new(0);
    let _observed = CONNECTIONS.observe(|connections| {
        connections.set(CALLS.fetch_add(1, Ordering::Relaxed), true);
    });
    telemetry.shutdown(TIMEOUT).unwrap();
    let calls = CALLS.load(Ordering::Relaxed);
    assert_eq!(int(&first.metrics(), "pool.connections"), Some(calls - 1));
    let second = MemoryExporter::new();
    let telemetry = install(config().with_exporter(second.clone())).unwrap();
    assert_eq!(CALLS.load(Ordering::Relaxed), calls);
    telemetry.flush(TIMEOUT).unwrap();
    assert_eq!(int(&second.metrics(), "pool.connections"), Some(calls));
}

struct Shards;

impl Source for Shards {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let points = ["a", "b"].map(|shard| NumberPoint {
            attributes: vec![("shard".into(), shard.to_owned().into())],
            start_unix_ns: 0,
            unix_ns: 17,
            value: NumberValue::Int(1),
            exemplars: Vec::new(),
        });
        for unit in ["", "{shard}"] {
            give(Metric {
                name: "shards".into(),
                unit: unit.into(),
                description: "".into(),
                scope: MetricScope::default(),
                points: Points::Gauge(points.to_vec()),
            });
        }
        // Of another kind than the instrument of this name: both are shown.
        give(Metric {
            name: "counted".into(),
            unit: "".into(),
            description: "".into(),
            scope: MetricScope::default(),
            points: Points::Gauge(Vec::new()),
        });
    }
}

#[test]
fn a_source_gives_metrics_of_any_attributes() {
    let telemetry = installed();
    COUNTED.add(1, ());
    let _attached = metric::attach(Shards);
    let metrics = telemetry.metrics();
    let Points::Gauge(points) = &metrics.metric("shards").unwrap().points else {
        panic!("{metrics:?}");
    };
    assert_eq!(points.len(), 2);
    assert_eq!((points[0].start_unix_ns, points[0].unix_ns), (0, 17));
    let counted = metrics
        .list
        .iter()
        .filter(|metric| metric.name == "counted");
    assert_eq!(counted.count(), 2);
}
