//! Sources that give what cannot be, and observed instruments that cannot be one metric.

use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::metric::{
    self, Counter, ExponentialPoint, HistogramPoint, Metric, MetricScope, NumberPoint, NumberValue,
    ObservableCounter, ObservableGauge, Points, Source, Temporality,
};
use otel_runtime::{Config, install};

const TIMEOUT: Duration = Duration::from_secs(60);

static COUNTED: Counter = Counter::new("counted", &[]);

fn config() -> Config {
    Config::new()
        .diagnostics(None)
        .observation_timeout(Duration::from_secs(600))
}

fn histogram(boundaries: &[f64], counts: &[u64]) -> Points {
    Points::Histogram {
        temporality: Temporality::Cumulative,
        boundaries: boundaries.to_vec().into(),
        points: vec![HistogramPoint {
            attributes: Vec::new(),
            start_unix_ns: 0,
            unix_ns: 0,
            sum: 1.0,
            min: None,
            max: None,
            counts: counts.to_vec(),
            exemplars: Vec::new(),
        }],
    }
}

fn exponential(scale: i32, offset: i32, counts: &[u64]) -> Points {
    Points::ExponentialHistogram {
        temporality: Temporality::Cumulative,
        points: vec![ExponentialPoint {
            attributes: Vec::new(),
            start_unix_ns: 0,
            unix_ns: 0,
            sum: 1.0,
            min: None,
            max: None,
            scale,
            zero_count: 0,
            offset,
            counts: counts.to_vec(),
            exemplars: Vec::new(),
        }],
    }
}

fn sum(temporality: Temporality) -> Points {
    Points::Sum {
        is_monotonic: true,
        temporality,
        points: vec![NumberPoint {
            attributes: Vec::new(),
            start_unix_ns: 0,
            unix_ns: 0,
            value: NumberValue::Int(1),
            exemplars: Vec::new(),
        }],
    }
}

/// Gives the same metrics each time.
struct Given(Vec<(&'static str, Points)>);

impl Source for Given {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        for (name, points) in &self.0 {
            give(Metric {
                name: (*name).into(),
                unit: "".into(),
                description: "".into(),
                scope: MetricScope::default(),
                points: points.clone(),
            });
        }
    }
}

#[test]
fn what_cannot_be_is_refused_and_counted_and_the_rest_is_shown() {
    let memory = MemoryExporter::new();
    let telemetry = install(config().with_exporter(memory.clone())).unwrap();
    COUNTED.add(5, ());
    let given = || {
        Given(vec![
            ("delta", sum(Temporality::Delta)),
            ("fine", sum(Temporality::Cumulative)),
            ("short", histogram(&[1.0, 2.0], &[1, 2])),
            ("falling", histogram(&[2.0, 1.0], &[1, 2, 3])),
            ("beyond", exponential(0, i32::MAX, &[1, 1])),
            ("finest", exponential(i32::MAX, 0, &[1])),
            ("coarsest", exponential(i32::MIN, 0, &[1])),
            ("many", exponential(0, 0, &[u64::MAX, 1])),
        ])
    };
    // Two give the same, so that their points are added up.
    let _attached = [metric::attach(given()), metric::attach(given())];
    telemetry.flush(TIMEOUT).unwrap();
    let metrics = memory.metrics();
    let names: Vec<_> = metrics.list.iter().map(|metric| &*metric.name).collect();
    let names: Vec<_> = names
        .into_iter()
        .filter(|name| !name.starts_with("otel"))
        .collect();
    assert_eq!(names, ["counted", "fine"]);
    assert_eq!(telemetry.stats().missed_observations, 2 * 7);
}

static DEPTH: ObservableGauge = ObservableGauge::new("queue.depth", &[]).unit("{item}");
static DEPTH_IN_BYTES: ObservableGauge = ObservableGauge::new("queue.depth", &[]).unit("By");
static COUNTED_ELSEWHERE: ObservableCounter = ObservableCounter::new("counted", &[]);
static MEASURED: ObservableGauge = ObservableGauge::new("counted", &[]);

fn refusal() -> Option<String> {
    match install(config()) {
        Ok(telemetry) => {
            telemetry.shutdown(TIMEOUT).unwrap();
            None
        }
        Err(error) => Some(error.to_string()),
    }
}

#[test]
fn install_refuses_observed_instruments_that_cannot_be_one_metric() {
    COUNTED.instrument().register();
    let depth = DEPTH.observe(|depth| depth.set(1.0, ()));
    let _like_the_static = COUNTED_ELSEWHERE.observe(|counted| counted.set(1, ()));
    assert_eq!(refusal(), None);
    let in_bytes = DEPTH_IN_BYTES.observe(|depth| depth.set(1.0, ()));
    let message = refusal().unwrap();
    assert!(message.contains("`queue.depth`"), "{message}");
    assert!(message.contains("with one unit at"), "{message}");
    let places = message.matches("observed_wrongly.rs:").count();
    assert_eq!(places, 2, "{message}");
    drop((depth, in_bytes));
    assert_eq!(refusal(), None);
    let _measured = MEASURED.observe(|measured| measured.set(1.0, ()));
    let message = refusal().unwrap();
    assert!(
        message.contains("`counted` is declared with one kind at"),
        "{message}"
    );
}
