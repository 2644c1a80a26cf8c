//! Metrics in the bytes of `opentelemetry.proto.metrics.v1`.
//!
//! What is measured by a length in front of it is written to a buffer first:
//! points are small, and written once a minute. Fields are left out when they
//! hold the default, so the bytes are the ones every canonical encoder gives.
//! Follows [metrics.proto] of OTLP 1.x.
//!
//! [metrics.proto]: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto

use std::mem;

use super::Scratch;
use super::point::{Point, value};
use crate::export::otlp::encode::{put_attributes, put_text, text_len};
use crate::export::otlp::protobuf::{
    delimited_len, fixed64_tag, length_tag, put_delimited, put_header, put_varint, varint_len,
    varint_tag,
};
use crate::export::view::Attribute;
use crate::metric::{
    Attributes, Exemplar, ExponentialPoint, HistogramPoint, Metric, NumberPoint, NumberValue,
    Points, Temporality,
};

/// Appends the metric as an element of `ScopeMetrics.metrics`, around its encoded points.
pub(super) fn put_metric(out: &mut Vec<u8>, metric: &Metric, points: &[u8]) {
    let mut ending = Vec::new();
    let field = match &metric.points {
        Points::Gauge(_) => 5,
        Points::Sum {
            is_monotonic,
            temporality,
            ..
        } => {
            put_temporality(&mut ending, *temporality);
            if *is_monotonic {
                ending.extend_from_slice(&[varint_tag(3), 1]);
            }
            7
        }
        Points::Histogram { temporality, .. } => {
            put_temporality(&mut ending, *temporality);
            9
        }
        Points::ExponentialHistogram { temporality, .. } => {
            put_temporality(&mut ending, *temporality);
            10
        }
    };
    let data_len = points.len() + ending.len();
    let texts = [&metric.name, &metric.description, &metric.unit];
    let len = texts.iter().map(|text| text_len(text)).sum::<usize>() + delimited_len(data_len);
    put_header(out, length_tag(2), len);
    for (field, text) in (1..).zip(texts) {
        put_text(out, field, text);
    }
    put_header(out, length_tag(field), data_len);
    out.extend_from_slice(points);
    out.extend_from_slice(&ending);
}

/// Appends the point as an element of `data_points` to the points.
pub(super) fn put_point(scratch: &mut Scratch, point: Point<'_>) {
    let mut out = mem::take(&mut scratch.point);
    out.clear();
    match point {
        Point::Number(point) => put_number(&mut out, &mut scratch.inner, point),
        Point::Histogram(point, boundaries) => {
            put_histogram(&mut out, &mut scratch.inner, point, boundaries);
        }
        Point::Exponential(point) => put_exponential(&mut out, &mut scratch.inner, point),
    }
    put_delimited(&mut scratch.points, length_tag(1), &out);
    scratch.point = out;
}

fn put_number(out: &mut Vec<u8>, inner: &mut Vec<u8>, point: &NumberPoint) {
    put_times(out, 2, point.start_unix_ns, point.unix_ns);
    put_value(out, (4, 6), point.value);
    put_exemplars(out, inner, 5, &point.exemplars);
    put_labels(out, 7, &point.attributes);
}

fn put_histogram(
    out: &mut Vec<u8>,
    inner: &mut Vec<u8>,
    point: &HistogramPoint,
    boundaries: &[f64],
) {
    put_times(out, 2, point.start_unix_ns, point.unix_ns);
    put_count(out, 4, point.count());
    put_double(out, 5, point.sum);
    put_fixed(out, 6, point.counts.iter().map(|count| count.to_le_bytes()));
    put_fixed(out, 7, boundaries.iter().map(|bound| bound.to_le_bytes()));
    put_exemplars(out, inner, 8, &point.exemplars);
    put_labels(out, 9, &point.attributes);
    put_bounds(out, 11, point.min, point.max);
}

fn put_exponential(out: &mut Vec<u8>, inner: &mut Vec<u8>, point: &ExponentialPoint) {
    put_labels(out, 1, &point.attributes);
    put_times(out, 2, point.start_unix_ns, point.unix_ns);
    put_count(out, 4, point.count());
    put_double(out, 5, point.sum);
    put_signed(out, 6, point.scale);
    put_count(out, 7, point.zero_count);
    if !point.counts.is_empty() {
        inner.clear();
        put_signed(inner, 1, point.offset);
        let len = point.counts.iter().map(|count| varint_len(*count)).sum();
        put_header(inner, length_tag(2), len);
        for count in &point.counts {
            put_varint(inner, *count);
        }
        put_delimited(out, length_tag(8), inner);
    }
    put_exemplars(out, inner, 11, &point.exemplars);
    put_bounds(out, 12, point.min, point.max);
}

fn put_temporality(out: &mut Vec<u8>, temporality: Temporality) {
    let number = match temporality {
        Temporality::Delta => 1,
        Temporality::Cumulative => 2,
    };
    out.extend_from_slice(&[varint_tag(2), number]);
}

fn put_labels(out: &mut Vec<u8>, field: u8, attributes: &Attributes) {
    for (key, of_key) in attributes {
        let value = value(of_key);
        put_attributes(out, field, &[Attribute { key, value }]);
    }
}

/// Start and time, in this field and the next.
fn put_times(out: &mut Vec<u8>, field: u8, start_unix_ns: u64, unix_ns: u64) {
    put_count(out, field, start_unix_ns);
    put_count(out, field + 1, unix_ns);
}

/// Least and greatest, in this field and the next.
fn put_bounds(out: &mut Vec<u8>, field: u8, min: Option<f64>, max: Option<f64>) {
    for (field, bound) in (field..).zip([min, max]) {
        if let Some(bound) = bound {
            put_double(out, field, bound);
        }
    }
}

/// A value in the one field as floating-point number, in the other as whole one. It is chosen, so
/// it is written even when it is the default.
fn put_value(out: &mut Vec<u8>, (double, int): (u8, u8), value: NumberValue) {
    match value {
        NumberValue::Double(value) => put_double(out, double, value),
        NumberValue::Int(value) => {
            out.push(fixed64_tag(int));
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
}

fn put_exemplars(out: &mut Vec<u8>, inner: &mut Vec<u8>, field: u8, exemplars: &[Exemplar]) {
    for exemplar in exemplars {
        inner.clear();
        put_count(inner, 2, exemplar.unix_ns);
        put_value(inner, (3, 6), exemplar.value);
        if let Some((trace_id, span_id)) = exemplar.span {
            put_delimited(inner, length_tag(4), &span_id.to_bytes());
            put_delimited(inner, length_tag(5), &trace_id.to_bytes());
        }
        put_delimited(out, length_tag(field), inner);
    }
}

/// A number of eight bytes, left out when zero.
fn put_count(out: &mut Vec<u8>, field: u8, count: u64) {
    if count != 0 {
        out.push(fixed64_tag(field));
        out.extend_from_slice(&count.to_le_bytes());
    }
}

fn put_double(out: &mut Vec<u8>, field: u8, value: f64) {
    out.push(fixed64_tag(field));
    out.extend_from_slice(&value.to_le_bytes());
}

/// A `sint32`, left out when zero.
fn put_signed(out: &mut Vec<u8>, field: u8, value: i32) {
    if value != 0 {
        out.push(varint_tag(field));
        put_varint(out, u64::from(zigzag(value)));
    }
}

const fn zigzag(value: i32) -> u32 {
    (value << 1 ^ value >> 31).cast_unsigned()
}

fn put_fixed(out: &mut Vec<u8>, field: u8, numbers: impl ExactSizeIterator<Item = [u8; 8]>) {
    if numbers.len() > 0 {
        put_header(out, length_tag(field), numbers.len() * 8);
        numbers.for_each(|number| out.extend_from_slice(&number));
    }
}
