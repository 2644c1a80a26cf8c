//! Metrics of a library that knows the API alone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::metrics::{Meter, MeterProvider as _};
use opentelemetry::{InstrumentationScope, KeyValue, global};
use otel_runtime::metric::{Attributes, Metric, NumberPoint, NumberValue, Points};
use otel_runtime::{Config, traced};
use otelkit_observed::Observed;
use otelkit_opentelemetry::MeterProvider;

/// A runtime that waits for callbacks, however slow the machine is.
fn start() -> Observed {
    crate::with(Config::new().observation_timeout(Duration::from_secs(60)))
}

/// A meter of a scope that no other test has: what is counted stays as long as the process.
fn meter(name: &'static str) -> Meter {
    global::meter(name)
}

fn find(observed: &Observed, scope: &str, name: &str) -> Vec<Metric> {
    let list = observed.reading().list;
    let of_name = |metric: &Metric| metric.scope.name == scope && metric.name == name;
    list.into_iter().filter(of_name).collect()
}

fn one(observed: &Observed, scope: &str, name: &str) -> Metric {
    let [metric] = <[Metric; 1]>::try_from(find(observed, scope, name)).expect("one metric");
    metric
}

fn shown(attributes: &Attributes) -> String {
    let pairs = attributes
        .iter()
        .map(|(key, value)| format!("{key}={value:?}"));
    pairs.collect::<Vec<_>>().join(",")
}

/// A line a series: its attributes and its number.
fn numbers(points: &[NumberPoint]) -> Vec<String> {
    let line = |point: &NumberPoint| {
        let value = match point.value {
            NumberValue::Int(value) => value.to_string(),
            NumberValue::Double(value) => format!("{value:?}"),
        };
        format!("{{{}}} {value}", shown(&point.attributes))
    };
    let mut lines: Vec<_> = points.iter().map(line).collect();
    lines.sort();
    lines
}

#[track_caller]
fn sum(metric: &Metric) -> (bool, Vec<String>) {
    match &metric.points {
        Points::Sum {
            is_monotonic,
            points,
            ..
        } => (*is_monotonic, numbers(points)),
        other => panic!("no sum: {other:?}"),
    }
}

#[track_caller]
fn gauge(metric: &Metric) -> Vec<String> {
    match &metric.points {
        Points::Gauge(points) => numbers(points),
        other => panic!("no gauge: {other:?}"),
    }
}

#[test]
fn sums_are_counted_by_attributes_in_whatever_order() {
    let observed = start();
    let meter = meter("sums");
    let calls = meter
        .u64_counter("calls")
        .with_unit("{call}")
        .with_description("What was called")
        .build();
    let [a, b] = [KeyValue::new("a", 1), KeyValue::new("b", "x")];
    calls.add(1, &[a.clone(), b.clone()]);
    calls.add(2, &[b.clone(), a.clone()]);
    // Of several with one key the last counts.
    calls.add(4, &[KeyValue::new("a", 7), b, a]);
    calls.add(8, &[]);
    calls.add(
        16,
        &[KeyValue::new("double", 0.5), KeyValue::new("truth", true)],
    );
    let metric = one(&observed, "sums", "calls");
    assert_eq!(metric.unit, "{call}");
    assert_eq!(metric.description, "What was called");
    let (is_monotonic, series) = sum(&metric);
    assert!(is_monotonic);
    assert_eq!(
        series,
        [
            r#"{a=Int(1),b=Str("x")} 7"#,
            r#"{double=Str("0.5"),truth=Bool(true)} 16"#,
            "{} 8",
        ]
    );
    let seconds = meter.f64_counter("seconds").build();
    seconds.add(0.5, &[]);
    seconds.add(-1.0, &[]);
    seconds.add(f64::NAN, &[]);
    assert_eq!(sum(&one(&observed, "sums", "seconds")).1, ["{} 0.5"]);
}

#[test]
fn sums_that_fall_and_gauges_have_their_numbers() {
    let observed = start();
    let meter = meter("others");
    let active = meter.i64_up_down_counter("active").build();
    active.add(3, &[]);
    active.add(-5, &[]);
    let load = meter.f64_up_down_counter("load").build();
    load.add(1.5, &[]);
    load.add(-0.25, &[]);
    meter.u64_gauge("size").build().record(7, &[]);
    meter.i64_gauge("degrees").build().record(-7, &[]);
    let ratio = meter.f64_gauge("ratio").build();
    ratio.record(0.25, &[]);
    ratio.record(0.75, &[]);
    assert_eq!(
        sum(&one(&observed, "others", "active")),
        (false, vec!["{} -2".into()])
    );
    assert_eq!(
        sum(&one(&observed, "others", "load")),
        (false, vec!["{} 1.25".into()])
    );
    assert_eq!(gauge(&one(&observed, "others", "size")), ["{} 7"]);
    assert_eq!(gauge(&one(&observed, "others", "degrees")), ["{} -7"]);
    assert_eq!(gauge(&one(&observed, "others", "ratio")), ["{} 0.75"]);
}

#[test]
fn histograms_have_the_advised_boundaries_or_exponential_ones() {
    let observed = start();
    let meter = meter("histograms");
    let advised = meter
        .f64_histogram("advised")
        .with_boundaries(vec![0.0, 10.0])
        .build();
    for value in [-1.0, 0.0, 5.0, 10.0, 11.0, f64::NAN] {
        advised.record(value, &[]);
    }
    let usual = meter.u64_histogram("usual").build();
    usual.record(3, &[]);
    usual.record(5, &[]);
    let impossible = meter
        .f64_histogram("impossible")
        .with_boundaries(vec![2.0, 1.0])
        .build();
    impossible.record(1.0, &[]);
    match &one(&observed, "histograms", "advised").points {
        Points::Histogram {
            boundaries, points, ..
        } => {
            assert_eq!(**boundaries, [0.0, 10.0]);
            assert_eq!(points[0].counts, [2, 2, 1]);
            assert_eq!(points[0].sum, 25.0);
        }
        other => panic!("{other:?}"),
    }
    match &one(&observed, "histograms", "usual").points {
        Points::ExponentialHistogram { points, .. } => {
            assert_eq!((points[0].count(), points[0].sum), (2, 8.0));
        }
        other => panic!("{other:?}"),
    }
    assert!(find(&observed, "histograms", "impossible").is_empty());
}

#[test]
fn what_is_observed_is_asked_for_at_each_reading() {
    static READINGS: AtomicU64 = AtomicU64::new(0);
    let observed = start();
    let meter = meter("observed");
    let _counter = meter
        .u64_observable_counter("readings")
        .with_unit("{reading}")
        .with_callback(|to| {
            let reading = READINGS.fetch_add(1, Ordering::Relaxed);
            to.observe(reading, &[KeyValue::new("a", 1)]);
        })
        .build();
    let _more = meter
        .u64_observable_counter("readings")
        .with_callback(|to| to.observe(5, &[]))
        .build();
    let _up_down = meter
        .f64_observable_up_down_counter("level")
        .with_callback(|to| to.observe(-0.5, &[]))
        .build();
    let _gauge = meter
        .i64_observable_gauge("degrees.observed")
        .with_callback(|to| {
            to.observe(-3, &[]);
            to.observe(-4, &[]);
        })
        .build();
    let first = one(&observed, "observed", "readings");
    assert_eq!(first.unit, "{reading}");
    let (is_monotonic, series) = sum(&first);
    assert!(is_monotonic);
    assert_eq!(series.len(), 2);
    let before = READINGS.load(Ordering::Relaxed);
    let (_, series) = sum(&one(&observed, "observed", "readings"));
    assert_eq!(
        series,
        [format!("{{a=Int(1)}} {before}"), "{} 5".to_owned()]
    );
    let level = one(&observed, "observed", "level");
    assert_eq!(sum(&level), (false, vec!["{} -0.5".into()]));
    assert_eq!(
        gauge(&one(&observed, "observed", "degrees.observed")),
        ["{} -4"]
    );
}

#[test]
fn an_instrument_declared_again_is_the_same_one() {
    let observed = start();
    let scope = || {
        InstrumentationScope::builder("again")
            .with_version("1.2")
            .build()
    };
    for _ in 0..1000 {
        let meter = MeterProvider::new().meter_with_scope(scope());
        meter.u64_counter("calls.again").build().add(1, &[]);
        meter
            .f64_histogram("sizes")
            .with_boundaries(vec![1.0])
            .build()
            .record(0.5, &[]);
    }
    let metric = one(&observed, "again", "calls.again");
    assert_eq!(metric.scope.version, "1.2");
    assert_eq!(sum(&metric).1, ["{} 1000"]);
    // The runtime has one metric of a name, whoever counts in it.
    meter("another scope")
        .u64_counter("calls.again")
        .build()
        .add(1, &[]);
    let metric = one(&observed, "again", "calls.again");
    assert_eq!(sum(&metric).1, ["{} 1001"]);
}

#[test]
fn attributes_without_end_take_series_with_an_end() {
    let observed = start();
    let meter = meter("cardinality");
    let calls = meter.u64_counter("calls.by_user").build();
    const USERS: i64 = 3000;
    for _ in 0..2 {
        for user in 0..USERS {
            calls.add(1, &[KeyValue::new("user", user)]);
        }
    }
    let _observed = meter
        .u64_observable_gauge("users")
        .with_callback(|to| {
            for user in 0..USERS {
                to.observe(1, &[KeyValue::new("user", user)]);
            }
        })
        .build();
    let (_, series) = sum(&one(&observed, "cardinality", "calls.by_user"));
    assert_eq!(series.len(), 2001);
    assert!(series.contains(&"{otel.metric.overflow=Bool(true)} 2000".to_owned()));
    let series = gauge(&one(&observed, "cardinality", "users"));
    assert_eq!(series.len(), 2001);
    assert!(series.contains(&"{otel.metric.overflow=Bool(true)} 1".to_owned()));
}

#[test]
fn a_name_that_is_none_counts_nothing_and_harms_nobody() {
    let observed = start();
    let meter = meter("names");
    meter.u64_counter("1st").build().add(1, &[]);
    let _gauge = meter
        .u64_observable_gauge("größe")
        .with_callback(|to| to.observe(1, &[]))
        .build();
    let reading = observed.reading();
    assert!(
        !reading
            .list
            .iter()
            .any(|metric| metric.scope.name == "names")
    );
}

#[test]
fn values_lead_to_the_span_within_which_they_were_counted() {
    #[traced]
    fn ours(work: impl FnOnce()) {
        work();
    }
    let mut observed = start();
    let calls = meter("exemplars").u64_counter("calls.within").build();
    // A reading asks for exemplars, and the first value after it is one.
    calls.add(1, &[]);
    let _ = one(&observed, "exemplars", "calls.within");
    ours(|| calls.add(1, &[]));
    let [span] = &observed.spans(1)[..] else {
        panic!("one span");
    };
    let metric = one(&observed, "exemplars", "calls.within");
    let Points::Sum { points, .. } = &metric.points else {
        panic!("{metric:?}");
    };
    let exemplar = points[0].exemplars.first().expect("an exemplar");
    assert_eq!(exemplar.span, Some((span.trace_id, span.span_id)));
}

#[test]
fn threads_count_at_once_and_nothing_is_lost() {
    const EACH: u64 = 5000;
    let observed = start();
    let calls = meter("threads").u64_counter("calls.at_once").build();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let calls = &calls;
            scope.spawn(move || {
                for call in 0..EACH {
                    let parity = KeyValue::new("parity", (call % 2) as i64);
                    let attributes = match thread % 2 {
                        0 => [parity, KeyValue::new("b", 1)],
                        _ => [KeyValue::new("b", 1), parity],
                    };
                    calls.add(1, &attributes);
                }
            });
        }
    });
    let expected = [0, 1].map(|parity| format!("{{b=Int(1),parity=Int({parity})}} {}", 2 * EACH));
    assert_eq!(sum(&one(&observed, "threads", "calls.at_once")).1, expected);
}
