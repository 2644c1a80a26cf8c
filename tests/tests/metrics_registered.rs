//! `#[metric]`: what is there before it is used.

use otel_runtime::metric::{Counter, Histogram, NumberValue, Points};
use otel_runtime::{Config, install};

#[otel_runtime::metric]
static ORDERS: Counter<bool> = Counter::new("shop.orders", &["gift"]).unit("{order}");

static UNUSED: Counter = Counter::new("shop.unused", &[]);

fn never_called() {
    #[otel_runtime::metric]
    static SIZES: Histogram = Histogram::new("shop.sizes", &[]);
    SIZES.record(1.0, ());
    UNUSED.add(1, ());
}

#[test]
fn a_registered_metric_is_there_before_its_first_value() {
    let telemetry = install(Config::new()).unwrap();
    let metrics = telemetry.metrics();
    let Points::Sum { points, .. } = &metrics.metric("shop.orders").unwrap().points else {
        panic!("{metrics:?}");
    };
    let values: Vec<_> = points.iter().map(|point| point.value).collect();
    assert_eq!(values, [NumberValue::Int(0), NumberValue::Int(0)]);
    assert_eq!(metrics.metric("shop.sizes").unwrap().points.len(), 1);
    assert!(metrics.metric("shop.unused").is_none());
    never_called();
}
