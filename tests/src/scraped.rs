//! A reading with everything that a scraper may stumble over.

use otel_runtime::metric::{
    AttributeValue, Exemplar, ExponentialPoint, HistogramPoint, Metric, MetricScope, Metrics,
    NumberPoint, NumberValue, Points, Temporality,
};
use otel_runtime::{SpanId, TraceId};

const START: u64 = 1_700_000_000_000_000_000;

/// A metric of the package `shop`.
#[must_use]
pub fn metric(name: &'static str, unit: &'static str, points: Points) -> Metric {
    Metric {
        name: name.into(),
        unit: unit.into(),
        description: "What is counted: \"all\" of it,\nin \\ lines.".into(),
        scope: MetricScope {
            name: "shop".into(),
            version: "1.2.3".into(),
        },
        points,
    }
}

/// A sum or last value, by one label.
#[must_use]
pub fn number(key: &'static str, label: &str, value: NumberValue) -> NumberPoint {
    NumberPoint {
        attributes: vec![(key.into(), AttributeValue::Str(label.to_owned().into()))],
        start_unix_ns: START,
        unix_ns: START + 1,
        value,
        exemplars: Vec::new(),
    }
}

/// A value that was counted in a trace.
///
/// # Panics
/// Never.
#[must_use]
pub fn exemplar(value: f64) -> Exemplar {
    Exemplar {
        value: NumberValue::Double(value),
        unix_ns: START + 500_000_000,
        span: TraceId::new(0xabc).zip(SpanId::new(0xdef)),
    }
}

/// A counter.
#[must_use]
pub fn counter(name: &'static str, points: Vec<NumberPoint>) -> Metric {
    let points = Points::Sum {
        is_monotonic: true,
        temporality: Temporality::Cumulative,
        points,
    };
    metric(name, "{order}", points)
}

/// A histogram of two boundaries: 50 values up to 10, 49 up to 100, and one above.
#[must_use]
pub fn explicit() -> Metric {
    let point = HistogramPoint {
        attributes: vec![("le".into(), AttributeValue::Bool(true))],
        start_unix_ns: START,
        unix_ns: START + 1,
        sum: 1234.5,
        min: Some(1.0),
        max: Some(700.0),
        counts: vec![50, 49, 1],
        exemplars: vec![exemplar(64.0)],
    };
    let points = Points::Histogram {
        temporality: Temporality::Cumulative,
        boundaries: vec![10.0, 100.0].into(),
        points: vec![point],
    };
    metric("upload.size", "By", points)
}

/// A histogram of these values, none of which is below zero, at a scale of 3.
#[must_use]
pub fn exponential(name: &'static str, values: &[f64]) -> Metric {
    let index = |value: f64| (value.log2() * 8.0).ceil() as i32 - 1;
    let above = || values.iter().copied().filter(|value| *value > 0.0);
    let offset = above().map(index).min().unwrap_or(0);
    let last = above().map(index).max().unwrap_or(offset - 1);
    let mut counts = vec![0; (last - offset + 1) as usize];
    above().for_each(|value| counts[(index(value) - offset) as usize] += 1);
    let point = ExponentialPoint {
        attributes: Vec::new(),
        start_unix_ns: START,
        unix_ns: START + 1,
        sum: values.iter().sum(),
        min: None,
        max: None,
        scale: 3,
        zero_count: (values.len() - above().count()) as u64,
        offset,
        counts,
        exemplars: values
            .last()
            .map(|value| exemplar(*value))
            .into_iter()
            .collect(),
    };
    let points = Points::ExponentialHistogram {
        temporality: Temporality::Cumulative,
        points: vec![point],
    };
    metric(name, "s", points)
}

/// A thousand milliseconds, one after the other.
#[must_use]
pub fn millis() -> Vec<f64> {
    (1..=1000)
        .map(|millis| f64::from(millis) / 1000.0)
        .collect()
}

/// All of them, and hostile labels.
#[must_use]
pub fn everything() -> Metrics {
    let hostile = [
        "plain",
        "",
        "\"quoted\"",
        "two\nlines",
        "back\\slash",
        "\\n",
        "a\r\tb",
        "é😀\u{2028}",
        "\u{0}\u{7f}",
    ];
    let mut points: Vec<_> = hostile
        .iter()
        .zip(1..)
        .map(|(label, value)| number("tier.of-customer", label, NumberValue::Int(value)))
        .collect();
    points.push(number(
        "tier.of-customer",
        &"x".repeat(64 << 10),
        NumberValue::Int(99),
    ));
    points[0].exemplars.push(exemplar(1.0));
    let list = vec![
        counter("shop.orders", points),
        metric(
            "cpu.use",
            "1",
            Points::Gauge(vec![
                number("a", "nan", NumberValue::Double(f64::NAN)),
                number("a", "inf", NumberValue::Double(f64::INFINITY)),
                number("a", "small", NumberValue::Double(1e-9)),
            ]),
        ),
        metric(
            "carts.open",
            "",
            Points::Sum {
                is_monotonic: false,
                temporality: Temporality::Cumulative,
                points: vec![number("a", "", NumberValue::Int(-5))],
            },
        ),
        explicit(),
        exponential("queue.wait", &millis()),
        exponential("queue.empty", &[]),
    ];
    Metrics { list }
}
