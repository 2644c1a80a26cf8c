#![deny(warnings)]
#![forbid(unsafe_op_in_unsafe_fn)]

use otel_runtime::metric;
use otel_runtime::metric::{Counter, Gauge, Histogram, Open, UpDownCounter};

/// With a comment.
#[metric]
pub static ORDERS: Counter<(bool, Open<3>)> = Counter::new("orders", &["gift", "tenant"]);

#[metric(runtime = ::otel_runtime)]
static SIZES: Histogram = Histogram::new("sizes", &[]).unit("By").buckets(&[1.0]);

#[otel_runtime::metric]
static r#TYPE: Gauge<(), i64> = Gauge::new("type", &[]);

fn inside() {
    #[metric]
    static OPEN: UpDownCounter = UpDownCounter::new("open", &[]);
    OPEN.add(1, ());
}

fn main() {
    ORDERS.add(1, (true, "a"));
    SIZES.record(1.0, ());
    TYPE.set(1, ());
    inside();
}
