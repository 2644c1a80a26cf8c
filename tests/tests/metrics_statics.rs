//! Instruments that are written down as a `static`, from the call to the exporter.

use std::thread;
use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::metric::{Counter, Gauge, Histogram, Metric, NumberValue, Points, UpDownCounter};
use otel_runtime::{Config, install};

static ORDERS: Counter<(bool, Option<bool>)> = Counter::new("shop.orders", &["paid", "gift"])
    .unit("{order}")
    .scope(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
static WEIGHT: Counter<(), f64> = Counter::new("shop.weight", &[]).unit("kg");
static OPEN: UpDownCounter = UpDownCounter::new("shop.carts.open", &[]);
static HEAT: Gauge = Gauge::new("oven.temperature", &[]).unit("Cel");
static WAITS: Histogram<bool> = Histogram::new("queue.wait", &["urgent"]).unit("s");
static SIZES: Histogram = Histogram::new("upload.size", &[]).buckets(&[10.0, 100.0]);

const TIMEOUT: Duration = Duration::from_secs(10);

fn sums(metric: &Metric) -> Vec<NumberValue> {
    match &metric.points {
        Points::Sum { points, .. } | Points::Gauge(points) => {
            points.iter().map(|point| point.value).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_counted_on_any_thread_reaches_the_exporter() {
    let memory = MemoryExporter::new();
    // Nothing is installed: this counts nowhere.
    ORDERS.add(1000, (true, None));
    let telemetry = install(Config::new().with_exporter(memory.clone())).unwrap();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            thread::spawn(|| {
                for _ in 0..1000 {
                    ORDERS.add(1, (true, Some(false)));
                    WEIGHT.add(0.5, ());
                }
                OPEN.add(3, ());
                OPEN.add(-5, ());
                WAITS.record(Duration::from_millis(250), true);
                SIZES.record(100_u32, ());
                SIZES.record(1e9, ());
            })
        })
        .collect();
    HEAT.set(180.0, ());
    workers
        .into_iter()
        .for_each(|worker| worker.join().unwrap());
    telemetry.flush(TIMEOUT).unwrap();
    let metrics = memory.metrics();
    let metric = |name: &str| metrics.metric(name).unwrap().clone();

    let orders = metric("shop.orders");
    assert_eq!(orders.scope.name, env!("CARGO_PKG_NAME"));
    let counted: Vec<i64> = vec![0, 0, 0, 0, 4000, 0];
    assert_eq!(
        sums(&orders),
        counted
            .into_iter()
            .map(NumberValue::Int)
            .collect::<Vec<_>>()
    );
    assert_eq!(sums(&metric("shop.weight")), [NumberValue::Double(2000.0)]);
    assert_eq!(sums(&metric("shop.carts.open")), [NumberValue::Int(-8)]);
    assert_eq!(
        sums(&metric("oven.temperature")),
        [NumberValue::Double(180.0)]
    );

    let Points::ExponentialHistogram { points, .. } = metric("queue.wait").points else {
        panic!("no exponential histogram");
    };
    assert_eq!((points[0].count(), points[1].count()), (0, 4));
    assert_eq!(
        (points[1].sum, points[1].min, points[1].max),
        (1.0, Some(0.25), Some(0.25))
    );
    let Points::Histogram {
        points, boundaries, ..
    } = metric("upload.size").points
    else {
        panic!("no histogram");
    };
    assert_eq!(
        (&*boundaries, &*points[0].counts),
        (&[10.0, 100.0][..], &[0, 4, 4][..])
    );
    assert!(points[0].start_unix_ns > 0 && points[0].start_unix_ns <= points[0].unix_ns);

    HEAT.set(90.0, ());
    telemetry.shutdown(TIMEOUT).unwrap();
    let last = memory.metrics();
    assert_eq!(
        sums(last.metric("oven.temperature").unwrap()),
        [NumberValue::Double(90.0)]
    );
}
