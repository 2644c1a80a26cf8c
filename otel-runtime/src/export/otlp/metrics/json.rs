//! Metrics as OTLP/JSON: as the span encoder beside it has it, one line, no control character.

use super::point::{Point, value};
use crate::export::json::{put, put_double, put_text};
use crate::export::otlp::json::{put_attribute, put_list};
use crate::export::view::Attribute;
use crate::metric::{
    Attributes, Exemplar, ExponentialPoint, HistogramPoint, Metric, NumberPoint, NumberValue,
    Points, Temporality,
};

/// Appends the metric as one object, around its encoded points, and a comma.
pub(super) fn put_metric(out: &mut Vec<u8>, metric: &Metric, points: &[u8]) {
    out.extend_from_slice(b"{\"name\":");
    put_text(out, &metric.name);
    for (name, text) in [("description", &metric.description), ("unit", &metric.unit)] {
        if !text.is_empty() {
            put(out, format_args!(",\"{name}\":"));
            put_text(out, text);
        }
    }
    let (name, temporality) = match &metric.points {
        Points::Gauge(_) => ("gauge", None),
        Points::Sum { temporality, .. } => ("sum", Some(temporality)),
        Points::Histogram { temporality, .. } => ("histogram", Some(temporality)),
        Points::ExponentialHistogram { temporality, .. } => {
            ("exponentialHistogram", Some(temporality))
        }
    };
    put(out, format_args!(",\"{name}\":{{\"dataPoints\":["));
    out.extend_from_slice(points.strip_suffix(b",").unwrap_or_default());
    out.push(b']');
    if let Some(temporality) = temporality {
        let number = match temporality {
            Temporality::Delta => 1,
            Temporality::Cumulative => 2,
        };
        put(out, format_args!(",\"aggregationTemporality\":{number}"));
    }
    if let Points::Sum {
        is_monotonic: true, ..
    } = &metric.points
    {
        out.extend_from_slice(b",\"isMonotonic\":true");
    }
    out.extend_from_slice(b"}},");
}

/// Appends the point as one object, and a comma.
pub(super) fn put_point(out: &mut Vec<u8>, point: Point<'_>) {
    match point {
        Point::Number(point) => put_number(out, point),
        Point::Histogram(point, boundaries) => put_histogram(out, point, boundaries),
        Point::Exponential(point) => put_exponential(out, point),
    }
    out.extend_from_slice(b"},");
}

fn put_number(out: &mut Vec<u8>, point: &NumberPoint) {
    put_head(
        out,
        &point.attributes,
        point.start_unix_ns,
        point.unix_ns,
        &point.exemplars,
    );
    put_value(out, point.value);
}

fn put_histogram(out: &mut Vec<u8>, point: &HistogramPoint, boundaries: &[f64]) {
    put_head(
        out,
        &point.attributes,
        point.start_unix_ns,
        point.unix_ns,
        &point.exemplars,
    );
    put(out, format_args!(",\"count\":\"{}\"", point.count()));
    put_named_double(out, "sum", Some(point.sum));
    put_list(out, "bucketCounts", &point.counts, put_whole);
    put_list(out, "explicitBounds", boundaries, |out, bound| {
        put_double(out, *bound);
    });
    put_named_double(out, "min", point.min);
    put_named_double(out, "max", point.max);
}

fn put_exponential(out: &mut Vec<u8>, point: &ExponentialPoint) {
    put_head(
        out,
        &point.attributes,
        point.start_unix_ns,
        point.unix_ns,
        &point.exemplars,
    );
    put(out, format_args!(",\"count\":\"{}\"", point.count()));
    put_named_double(out, "sum", Some(point.sum));
    put(
        out,
        format_args!(
            ",\"scale\":{},\"zeroCount\":\"{}\"",
            point.scale, point.zero_count
        ),
    );
    if !point.counts.is_empty() {
        put(
            out,
            format_args!(",\"positive\":{{\"offset\":{}", point.offset),
        );
        put_list(out, "bucketCounts", &point.counts, put_whole);
        out.push(b'}');
    }
    put_named_double(out, "min", point.min);
    put_named_double(out, "max", point.max);
}

/// What all points have: opens the object.
fn put_head(
    out: &mut Vec<u8>,
    attributes: &Attributes,
    start_unix_ns: u64,
    unix_ns: u64,
    exemplars: &[Exemplar],
) {
    if start_unix_ns != 0 {
        put(
            out,
            format_args!("{{\"startTimeUnixNano\":\"{start_unix_ns}\","),
        );
    } else {
        out.push(b'{');
    }
    put(out, format_args!("\"timeUnixNano\":\"{unix_ns}\""));
    put_list(out, "attributes", attributes, |out, (key, of_key)| {
        let value = value(of_key);
        put_attribute(out, &Attribute { key, value });
    });
    put_list(out, "exemplars", exemplars, put_exemplar);
}

fn put_exemplar(out: &mut Vec<u8>, exemplar: &Exemplar) {
    put(
        out,
        format_args!("{{\"timeUnixNano\":\"{}\"", exemplar.unix_ns),
    );
    put_value(out, exemplar.value);
    if let Some((trace_id, span_id)) = exemplar.span {
        put(
            out,
            format_args!(",\"spanId\":\"{span_id}\",\"traceId\":\"{trace_id}\""),
        );
    }
    out.push(b'}');
}

fn put_value(out: &mut Vec<u8>, value: NumberValue) {
    match value {
        NumberValue::Int(value) => put(out, format_args!(",\"asInt\":\"{value}\"")),
        NumberValue::Double(value) => put_named_double(out, "asDouble", Some(value)),
    }
}

fn put_named_double(out: &mut Vec<u8>, name: &str, value: Option<f64>) {
    if let Some(value) = value {
        put(out, format_args!(",\"{name}\":"));
        put_double(out, value);
    }
}

fn put_whole(out: &mut Vec<u8>, number: &u64) {
    put(out, format_args!("\"{number}\""));
}
