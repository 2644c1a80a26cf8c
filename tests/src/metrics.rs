//! Readings of any shape, made without counting anything.

use std::borrow::Cow;

use otel_runtime::metric::{
    AttributeValue, Attributes, Exemplar, ExponentialPoint, HistogramPoint, Metric, MetricScope,
    Metrics, NumberPoint, NumberValue, Points, Temporality,
};
use otel_runtime::{SpanId, TraceId};
use proptest::collection::vec;
use proptest::prelude::*;

/// A counter of one series, like most.
#[must_use]
pub fn orders(value: i64) -> Metrics {
    Metrics {
        list: vec![Metric {
            name: "shop.orders".into(),
            unit: "{order}".into(),
            description: "Orders.".into(),
            scope: MetricScope {
                name: "shop".into(),
                version: "1.2.3".into(),
            },
            points: Points::Sum {
                is_monotonic: true,
                temporality: Temporality::Cumulative,
                points: vec![NumberPoint {
                    attributes: vec![("paid".into(), AttributeValue::Bool(true))],
                    start_unix_ns: 1_700_000_000_000_000_000,
                    unix_ns: 1_700_000_060_000_000_000,
                    value: NumberValue::Int(value),
                    exemplars: Vec::new(),
                }],
            },
        }],
    }
}

/// Any reading.
pub fn any_metrics() -> impl Strategy<Value = Metrics> {
    vec(any_metric(), 0..6).prop_map(|list| Metrics { list })
}

fn any_metric() -> impl Strategy<Value = Metric> {
    let scope = prop_oneof![Just("shop"), Just("stock"), Just("")];
    (any_text(), any_text(), any_text(), scope, any_points()).prop_map(
        |(name, unit, description, scope, points)| Metric {
            name: name.into(),
            unit: unit.into(),
            description: description.into(),
            scope: MetricScope {
                name: scope.into(),
                version: "1".into(),
            },
            points,
        },
    )
}

fn any_points() -> impl Strategy<Value = Points> {
    let temporality = || prop_oneof![Just(Temporality::Cumulative), Just(Temporality::Delta)];
    prop_oneof![
        vec(any_number(), 0..4).prop_map(Points::Gauge),
        (any::<bool>(), temporality(), vec(any_number(), 0..4)).prop_map(
            |(is_monotonic, temporality, points)| Points::Sum {
                is_monotonic,
                temporality,
                points
            }
        ),
        (
            temporality(),
            vec(any_double(), 0..4),
            vec(any_histogram(), 0..4)
        )
            .prop_map(|(temporality, boundaries, points)| Points::Histogram {
                temporality,
                boundaries: Cow::Owned(boundaries),
                points
            }),
        (temporality(), vec(any_exponential(), 0..4)).prop_map(|(temporality, points)| {
            Points::ExponentialHistogram {
                temporality,
                points,
            }
        }),
    ]
}

fn any_number() -> impl Strategy<Value = NumberPoint> {
    (
        any_attributes(),
        any_ns(),
        any_ns(),
        any_value(),
        any_exemplars(),
    )
        .prop_map(
            |(attributes, start_unix_ns, unix_ns, value, exemplars)| NumberPoint {
                attributes,
                start_unix_ns,
                unix_ns,
                value,
                exemplars,
            },
        )
}

fn any_histogram() -> impl Strategy<Value = HistogramPoint> {
    let bounds = proptest::option::of((any_double(), any_double()));
    let who = (any_attributes(), any_ns(), any_ns(), any_exemplars());
    (who, any_double(), bounds, vec(any_count(), 0..5)).prop_map(
        |((attributes, start_unix_ns, unix_ns, exemplars), sum, bounds, counts)| HistogramPoint {
            attributes,
            start_unix_ns,
            unix_ns,
            sum,
            min: bounds.map(|(min, _)| min),
            max: bounds.map(|(_, max)| max),
            counts,
            exemplars,
        },
    )
}

fn any_exponential() -> impl Strategy<Value = ExponentialPoint> {
    let what = (
        -10..=8i32,
        any_count(),
        any::<i32>(),
        vec(any_count(), 0..20),
    );
    (any_histogram(), what).prop_map(|(point, (scale, zero_count, offset, counts))| {
        ExponentialPoint {
            attributes: point.attributes,
            start_unix_ns: point.start_unix_ns,
            unix_ns: point.unix_ns,
            sum: point.sum,
            min: point.min,
            max: point.max,
            scale,
            zero_count,
            offset: if counts.is_empty() { 0 } else { offset },
            counts,
            exemplars: point.exemplars,
        }
    })
}

/// Small enough for the sum of a point's counts to be one.
fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 0..200u64, 0..1u64 << 50]
}

fn any_ns() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1..=u64::MAX]
}

fn any_double() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), Just(0.0), Just(f64::NAN), Just(f64::INFINITY)]
}

fn any_value() -> impl Strategy<Value = NumberValue> {
    prop_oneof![
        Just(NumberValue::Int(0)),
        any::<i64>().prop_map(NumberValue::Int),
        any_double().prop_map(NumberValue::Double),
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        40 => "[a-z.]{1,20}",
        20 => any::<String>(),
        10 => Just(String::new()),
        10 => (120..136usize).prop_map(|len| "x".repeat(len)),
        1 => Just("\"\\\n é".repeat(9_000)),
    ]
}

fn any_attributes() -> impl Strategy<Value = Attributes> {
    let value = prop_oneof![
        any::<bool>().prop_map(AttributeValue::Bool),
        any::<i64>().prop_map(AttributeValue::Int),
        any_text().prop_map(|text| AttributeValue::Str(text.into())),
    ];
    vec((any_text().prop_map(Cow::Owned), value), 0..4)
}

fn any_exemplars() -> impl Strategy<Value = Vec<Exemplar>> {
    let exemplar = (any_value(), any_ns(), 0..3_u128, any::<u64>()).prop_map(
        |(value, unix_ns, trace_id, span_id)| Exemplar {
            value,
            unix_ns,
            span: TraceId::new(trace_id).zip(SpanId::new(span_id)),
        },
    );
    vec(exemplar, 0..3)
}
