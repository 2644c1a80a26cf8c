//! The table that people see.

use otel_runtime::export::terminal::render_table;
use otel_runtime::metric::{
    AttributeValue, ExponentialPoint, HistogramPoint, Metric, MetricScope, Points, Temporality,
};
use otelkit_tests::metrics::orders;

fn metric(name: &'static str, unit: &'static str, points: Points) -> Metric {
    Metric {
        name: name.into(),
        unit: unit.into(),
        description: "".into(),
        scope: MetricScope::default(),
        points,
    }
}

fn explicit(counts: Vec<u64>) -> HistogramPoint {
    HistogramPoint {
        attributes: vec![("hostile".into(), AttributeValue::Str("a\nb".into()))],
        start_unix_ns: 1,
        unix_ns: 2,
        sum: 1.0,
        min: Some(1.0),
        max: Some(70.0),
        counts,
        exemplars: Vec::new(),
    }
}

#[test]
fn a_line_for_each_series_that_has_counted_something() {
    let mut metrics = orders(7);
    metrics.list.extend(orders(0).list);
    metrics.list.push(metric(
        "upload.size",
        "By",
        Points::Histogram {
            temporality: Temporality::Cumulative,
            boundaries: vec![10.0, 100.0].into(),
            points: vec![explicit(vec![50, 49, 1]), explicit(vec![0, 0, 0])],
        },
    ));
    metrics.list.push(metric(
        "queue.wait",
        "s",
        Points::ExponentialHistogram {
            temporality: Temporality::Cumulative,
            points: vec![ExponentialPoint {
                attributes: Vec::new(),
                start_unix_ns: 1,
                unix_ns: 2,
                sum: 3.0,
                min: Some(0.0),
                max: Some(0.25),
                scale: 0,
                zero_count: 6,
                offset: -4,
                counts: vec![0, 4],
                exemplars: Vec::new(),
            }],
        },
    ));
    assert_eq!(
        render_table(&metrics),
        "\
metric       labels        value    p50     p95     p99     max
shop.orders  paid=true         7
upload.size  hostile=a\\nb    100  10 By   70 By   70 By   70 By
queue.wait                    10   0 ns  250 ms  250 ms  250 ms
"
    );
}
