//! What the program and its dependencies count with the `metrics` crate.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use otel_runtime::export::MemoryExporter;
use otel_runtime::metric::{
    AttributeValue, Attributes, Counter, Metric, Metrics, NumberValue, Points,
};
use otel_runtime::recorder::MetricsRecorder;
use otel_runtime::{Config, Telemetry, install};

const TIMEOUT: Duration = Duration::from_secs(30);

fn config() -> Config {
    Config::new()
        .own_metrics(false)
        .diagnostics(None)
        .with_metrics_recorder(MetricsRecorder::new())
}

fn installed() -> Telemetry {
    install(config()).unwrap()
}

fn labels(of: &[(&'static str, &'static str)]) -> Attributes {
    of.iter()
        .map(|(key, value)| ((*key).into(), AttributeValue::from(*value)))
        .collect()
}

fn number(metrics: &Metrics, name: &str, of: &[(&'static str, &'static str)]) -> Option<f64> {
    let points = match &metrics.metric(name)?.points {
        Points::Sum { points, .. } | Points::Gauge(points) => points,
        other => panic!("{other:?}"),
    };
    let labels = labels(of);
    let found = points.iter().find(|point| point.attributes == labels)?;
    Some(match found.value {
        NumberValue::Int(value) => value as f64,
        NumberValue::Double(value) => value,
    })
}

#[test]
fn counters_gauges_and_histograms_appear_with_labels_units_and_descriptions() {
    let memory = MemoryExporter::new();
    let telemetry = install(config().with_exporter(memory.clone())).unwrap();
    describe_counter!("requests_total", Unit::Count, "Requests.");
    describe_gauge!("heap", Unit::Bytes, "Heap.");
    describe_histogram!("latency", Unit::Milliseconds, "Latency.");
    counter!("requests_total", "method" => "get").increment(2);
    counter!("requests_total", "method" => "get").increment(3);
    counter!("requests_total", "method" => "post").increment(1);
    gauge!("heap").set(10.5);
    gauge!("heap").increment(2.0);
    gauge!("heap").decrement(0.5);
    histogram!("latency", "route" => "/".to_owned()).record(4.0);
    histogram!("latency", "route" => "/".to_owned()).record_many(1.0, 3);
    telemetry.flush(TIMEOUT).unwrap();
    let metrics = memory.metrics();
    assert_eq!(
        number(&metrics, "requests_total", &[("method", "get")]),
        Some(5.0)
    );
    assert_eq!(
        number(&metrics, "requests_total", &[("method", "post")]),
        Some(1.0)
    );
    assert_eq!(number(&metrics, "heap", &[]), Some(12.0));
    let told = |name: &str| {
        let Metric {
            unit, description, ..
        } = metrics.metric(name).unwrap();
        (unit.to_string(), description.to_string())
    };
    assert_eq!(
        told("requests_total"),
        ("{count}".into(), "Requests.".into())
    );
    assert_eq!(told("heap"), ("By".into(), "Heap.".into()));
    assert_eq!(told("latency"), ("ms".into(), "Latency.".into()));
    let requests = metrics.metric("requests_total").unwrap();
    assert_eq!(requests.scope.name, "recorder");
    assert!(matches!(
        requests.points,
        Points::Sum {
            is_monotonic: true,
            ..
        }
    ));
    let Points::ExponentialHistogram { points, .. } = &metrics.metric("latency").unwrap().points
    else {
        panic!("{metrics:?}");
    };
    assert_eq!(points[0].attributes, labels(&[("route", "/")]));
    assert_eq!((points[0].count(), points[0].sum), (4, 7.0));
    assert!(points[0].start_unix_ns > 0 && points[0].unix_ns > points[0].start_unix_ns);
}

#[test]
fn an_absolute_value_lifts_a_counter_and_never_lowers_it() {
    let telemetry = installed();
    let seen = counter!("seen");
    seen.increment(5);
    seen.absolute(3);
    assert_eq!(number(&telemetry.metrics(), "seen", &[]), Some(5.0));
    seen.absolute(10);
    seen.increment(3);
    assert_eq!(number(&telemetry.metrics(), "seen", &[]), Some(13.0));
}

#[test]
fn absolute_values_of_many_threads_come_to_the_largest() {
    let telemetry = installed();
    let ready = Barrier::new(4);
    thread::scope(|scope| {
        for worker in 0..4 {
            let ready = &ready;
            scope.spawn(move || {
                ready.wait();
                for step in 0..200 {
                    counter!("largest").absolute(step * 4 + worker);
                }
            });
        }
    });
    assert_eq!(number(&telemetry.metrics(), "largest", &[]), Some(799.0));
}

#[test]
fn handles_and_macros_of_many_threads_count_every_value_once() {
    let telemetry = installed();
    let kept = counter!("kept", "by" => "handle");
    thread::scope(|scope| {
        for worker in 0..4 {
            let kept = kept.clone();
            scope.spawn(move || {
                for step in 0..2000_u64 {
                    kept.increment(1);
                    counter!("named", "step" => (step % 50).to_string()).increment(1);
                    histogram!("sizes").record(f64::from(worker + 1));
                    gauge!("balance").increment(1.0);
                    gauge!("balance").decrement(1.0);
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..50 {
                let metrics = telemetry.metrics();
                let kept = number(&metrics, "kept", &[("by", "handle")]).unwrap();
                assert!(kept <= 8000.0);
            }
        });
    });
    let metrics = telemetry.metrics();
    assert_eq!(number(&metrics, "kept", &[("by", "handle")]), Some(8000.0));
    let Points::Sum { points, .. } = &metrics.metric("named").unwrap().points else {
        panic!("{metrics:?}");
    };
    assert_eq!(points.len(), 50);
    assert!(
        points
            .iter()
            .all(|point| point.value == NumberValue::Int(160))
    );
    assert_eq!(number(&metrics, "balance", &[]), Some(0.0));
    let Points::ExponentialHistogram { points, .. } = &metrics.metric("sizes").unwrap().points
    else {
        panic!("{metrics:?}");
    };
    assert_eq!((points[0].count(), points[0].sum), (8000, 20_000.0));
}

#[test]
fn the_order_of_labels_makes_no_other_series() {
    let telemetry = installed();
    counter!("ordered", "a" => "1", "b" => "2").increment(1);
    counter!("ordered", "b" => "2", "a" => "1").increment(1);
    histogram!("ordered.sizes", "a" => "1", "b" => "2").record(1.0);
    histogram!("ordered.sizes", "b" => "2", "a" => "1").record(2.0);
    let metrics = telemetry.metrics();
    assert_eq!(
        number(&metrics, "ordered", &[("a", "1"), ("b", "2")]),
        Some(2.0)
    );
    assert_eq!(metrics.metric("ordered").unwrap().points.len(), 1);
    let Points::ExponentialHistogram { points, .. } =
        &metrics.metric("ordered.sizes").unwrap().points
    else {
        panic!("{metrics:?}");
    };
    assert_eq!(
        (points.len(), points[0].count(), points[0].sum),
        (1, 2, 3.0)
    );
}

#[test]
fn too_many_labels_end_in_one_series_that_says_so() {
    let recorder = MetricsRecorder::new().max_series(3);
    let telemetry = install(config().with_metrics_recorder(recorder)).unwrap();
    for user in 0..10 {
        counter!("logins", "user" => user.to_string()).increment(1);
    }
    counter!("logins", "user" => "0").increment(1);
    let metrics = telemetry.metrics();
    let Points::Sum { points, .. } = &metrics.metric("logins").unwrap().points else {
        panic!("{metrics:?}");
    };
    assert_eq!(points.len(), 4);
    let overflow = vec![("otel.metric.overflow".into(), AttributeValue::Bool(true))];
    let rest = points.iter().find(|point| point.attributes == overflow);
    assert_eq!(rest.unwrap().value, NumberValue::Int(7));
    assert_eq!(number(&metrics, "logins", &[("user", "0")]), Some(2.0));
}

#[test]
fn all_metrics_together_have_a_bound_too() {
    let telemetry = installed();
    for metric in 0..51 {
        let name = format!("logins.{metric}");
        for user in 0..1000 {
            let _ = counter!(name.clone(), "user" => user.to_string());
        }
        counter!(name, "user" => "last").increment(1);
    }
    let metrics = telemetry.metrics();
    let series = |name| metrics.metric(name).unwrap().points.len();
    assert_eq!((series("logins.0"), series("logins.49")), (1001, 1001));
    // All that is counted of it has no series of its own.
    let overflow = metrics.metric("logins.50").unwrap();
    let Points::Sum { points, .. } = &overflow.points else {
        panic!("{overflow:?}");
    };
    assert_eq!((points.len(), points[0].value), (1, NumberValue::Int(1)));
}

#[test]
fn names_against_the_rules_are_changed_and_what_is_no_value_is_counted() {
    let telemetry = installed();
    counter!("my::queue size").increment(1);
    counter!("9lives").increment(9);
    histogram!("waits").record(-1.0);
    histogram!("waits").record(f64::NAN);
    let metrics = telemetry.metrics();
    assert_eq!(number(&metrics, "my.queue_size", &[]), Some(1.0));
    assert_eq!(number(&metrics, "m_9lives", &[]), Some(9.0));
    assert_eq!(telemetry.stats().dropped_measurements, 2);
}

#[test]
fn names_without_end_are_lost_and_counted() {
    let telemetry = installed();
    for index in 0..2100 {
        counter!(format!("name.{index}")).increment(1);
    }
    assert_eq!(telemetry.metrics().list.len(), 2000);
    assert_eq!(telemetry.stats().dropped_measurements, 100);
}

#[test]
fn one_name_of_two_kinds_is_two_metrics_and_one_of_a_static_is_one() {
    static ORDERS: Counter<bool> = Counter::new("orders", &["paid"]);
    let telemetry = installed();
    counter!("twice").increment(1);
    gauge!("twice").set(1.0);
    ORDERS.add(1, true);
    counter!("orders", "from" => "elsewhere").increment(1);
    let metrics = telemetry.metrics();
    let twice = metrics.list.iter().filter(|metric| metric.name == "twice");
    assert_eq!(twice.count(), 2);
    assert_eq!(metrics.metric("orders").unwrap().points.len(), 3);
}

#[test]
fn another_recorder_is_an_error_that_says_what_to_do() {
    metrics::set_global_recorder(metrics::NoopRecorder).unwrap();
    let error = install(config()).unwrap_err().to_string();
    assert!(error.contains("with_metrics_recorder"), "{error}");
    drop(install(Config::new()).unwrap());
}

#[test]
fn nothing_is_counted_between_two_installations_and_handles_live_on() {
    counter!("early").increment(1);
    let telemetry = installed();
    let kept = counter!("kept");
    kept.increment(1);
    telemetry.shutdown(TIMEOUT).unwrap();
    kept.increment(1);
    kept.absolute(100);
    counter!("late").increment(1);
    let telemetry = installed();
    kept.increment(1);
    counter!("late").increment(1);
    let metrics = telemetry.metrics();
    assert_eq!(number(&metrics, "early", &[]), None);
    assert_eq!(number(&metrics, "kept", &[]), Some(2.0));
    assert_eq!(number(&metrics, "late", &[]), Some(1.0));
}
