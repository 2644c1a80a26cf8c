//! Messages [`io.prometheus.client.MetricFamily`], each after its length.
//!
//! An exponential histogram is a native one here: its scale is the schema, which
//! goes from -4 to 8, and bucket `i` of ours is bucket `i + 1` of theirs.
//!
//! [`io.prometheus.client.MetricFamily`]: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto

use super::Read;
use super::family::{Family, Kind};
use super::labels::{self, Labels};
use super::text::{as_double, latest_between};
use crate::export::otlp::protobuf::{
    fixed64_tag, length_tag, put_delimited, put_header, put_varint, varint_len, varint_tag,
};
use crate::metric::{Exemplar, ExponentialPoint, HistogramPoint, Metric, Points};
use crate::resource::Resource;

const COUNTER: u8 = 0;
const GAUGE: u8 = 1;
const HISTOGRAM: u8 = 4;
/// The finest schema, and the coarsest: with 160 buckets every number has one at its scale.
const FINEST: i32 = 8;
const COARSEST: i32 = -4;

pub(super) fn render(families: &[Family], read: Read<'_, '_>, resource: &Resource) -> Vec<u8> {
    let mut out = Vec::new();
    for family in families {
        let (name, kind) = match family.kind {
            Kind::Counter => (format!("{}_total", family.name), COUNTER),
            Kind::Gauge => (family.name.clone(), GAUGE),
            Kind::Histogram => (family.name.clone(), HISTOGRAM),
        };
        let mut message = header(&name, &family.help, kind);
        let header = message.len();
        for place in &family.metrics {
            put_metric(&mut message, &read(*place));
        }
        if message.len() == header {
            continue;
        }
        if !family.unit.is_empty() {
            put_delimited(&mut message, length_tag(5), family.unit.as_bytes());
        }
        put_message(&mut out, &message);
    }
    let mut target = header("target_info", "Attributes of the resource.", GAUGE);
    put_number(&mut target, labels::of_resource(resource), 2, 1.0, None);
    put_message(&mut out, &target);
    out
}

fn put_message(out: &mut Vec<u8>, message: &[u8]) {
    put_varint(out, message.len() as u64);
    out.extend_from_slice(message);
}

fn header(name: &str, help: &str, kind: u8) -> Vec<u8> {
    let mut message = Vec::new();
    put_delimited(&mut message, length_tag(1), name.as_bytes());
    put_delimited(&mut message, length_tag(2), help.as_bytes());
    message.extend_from_slice(&[varint_tag(3), kind]);
    message
}

fn put_metric(out: &mut Vec<u8>, metric: &Metric) {
    let mut labels = Labels::new(&metric.scope);
    match &metric.points {
        Points::Sum {
            points,
            is_monotonic,
            ..
        } => {
            for point in points {
                let field = if *is_monotonic { 3 } else { 2 };
                let exemplar = point.exemplars.first().filter(|_| *is_monotonic);
                let value = as_double(point.value);
                put_number(out, labels.of(&point.attributes), field, value, exemplar);
            }
        }
        Points::Gauge(points) => {
            for point in points {
                let value = as_double(point.value);
                put_number(out, labels.of(&point.attributes), 2, value, None);
            }
        }
        Points::Histogram {
            points, boundaries, ..
        } => {
            for point in points {
                let histogram = classic(point, boundaries);
                put_series(out, labels.of(&point.attributes), 7, &histogram);
            }
        }
        Points::ExponentialHistogram { points, .. } => {
            for point in points {
                put_series(out, labels.of(&point.attributes), 7, &native(point));
            }
        }
    }
}

/// A counter or gauge, in this field.
fn put_number<N: AsRef<str>, V: AsRef<str>>(
    out: &mut Vec<u8>,
    labels: impl IntoIterator<Item = (N, V)>,
    field: u8,
    value: f64,
    exemplar: Option<&Exemplar>,
) {
    let mut content = Vec::new();
    put_double(&mut content, 1, value);
    if let Some(exemplar) = exemplar {
        put_exemplar(&mut content, 2, exemplar);
    }
    put_series(out, labels, field, &content);
}

fn put_series<N: AsRef<str>, V: AsRef<str>>(
    out: &mut Vec<u8>,
    labels: impl IntoIterator<Item = (N, V)>,
    field: u8,
    content: &[u8],
) {
    let mut metric = Vec::new();
    for (name, value) in labels {
        put_label(&mut metric, name.as_ref(), value.as_ref());
    }
    put_delimited(&mut metric, length_tag(field), content);
    put_delimited(out, length_tag(4), &metric);
}

fn put_label(out: &mut Vec<u8>, name: &str, value: &str) {
    let mut pair = Vec::new();
    put_delimited(&mut pair, length_tag(1), name.as_bytes());
    put_delimited(&mut pair, length_tag(2), value.as_bytes());
    put_delimited(out, length_tag(1), &pair);
}

fn classic(point: &HistogramPoint, boundaries: &[f64]) -> Vec<u8> {
    let mut histogram = count_and_sum(point.count(), point.sum);
    let mut below = 0;
    let mut above = f64::NEG_INFINITY;
    let boundaries = boundaries.iter().copied().chain([f64::INFINITY]);
    for (boundary, count) in boundaries.zip(&point.counts) {
        below += count;
        let mut bucket = Vec::new();
        put_number_field(&mut bucket, 1, below);
        put_double(&mut bucket, 2, boundary);
        if let Some(exemplar) = latest_between(above, boundary, &point.exemplars) {
            put_exemplar(&mut bucket, 3, exemplar);
        }
        put_delimited(&mut histogram, length_tag(3), &bucket);
        above = boundary;
    }
    histogram
}

fn native(point: &ExponentialPoint) -> Vec<u8> {
    let schema = point.scale.clamp(COARSEST, FINEST);
    let (offset, counts) = point.rescaled(schema);
    let mut histogram = count_and_sum(point.count(), point.sum);
    put_signed(&mut histogram, 5, schema.into());
    // only zero itself is so near to zero; without a threshold an empty histogram is no native one
    put_double(&mut histogram, 6, f64::from_bits(1));
    put_number_field(&mut histogram, 7, point.zero_count);
    let mut span = Vec::new();
    let first = if counts.is_empty() {
        0
    } else {
        i64::from(offset) + 1
    };
    put_signed(&mut span, 1, first);
    put_number_field(&mut span, 2, counts.len() as u64);
    put_delimited(&mut histogram, length_tag(12), &span);
    if !counts.is_empty() {
        let deltas = || {
            let before = std::iter::once(&0).chain(counts.iter());
            let pairs = counts.iter().zip(before);
            pairs.map(|(count, before)| zigzag(count.cast_signed() - before.cast_signed()))
        };
        put_header(
            &mut histogram,
            length_tag(13),
            deltas().map(varint_len).sum(),
        );
        deltas().for_each(|delta| put_varint(&mut histogram, delta));
    }
    for exemplar in &point.exemplars {
        // field 16: a tag of two bytes
        histogram.push(0x82);
        put_exemplar(&mut histogram, 0, exemplar);
    }
    histogram
}

fn count_and_sum(count: u64, sum: f64) -> Vec<u8> {
    let mut histogram = Vec::new();
    put_number_field(&mut histogram, 1, count);
    put_double(&mut histogram, 2, sum);
    histogram
}

fn put_exemplar(out: &mut Vec<u8>, field: u8, exemplar: &Exemplar) {
    let mut message = Vec::new();
    if let Some((trace_id, span_id)) = exemplar.span {
        put_label(&mut message, "trace_id", &trace_id.to_string());
        put_label(&mut message, "span_id", &span_id.to_string());
    }
    put_double(&mut message, 2, as_double(exemplar.value));
    let mut time = Vec::new();
    put_number_field(&mut time, 1, exemplar.unix_ns / 1_000_000_000);
    put_number_field(&mut time, 2, exemplar.unix_ns % 1_000_000_000);
    put_delimited(&mut message, length_tag(3), &time);
    match field {
        // the second byte of the tag of field 16
        0 => put_delimited(out, 1, &message),
        field => put_delimited(out, length_tag(field), &message),
    }
}

fn put_double(out: &mut Vec<u8>, field: u8, value: f64) {
    out.push(fixed64_tag(field));
    out.extend_from_slice(&value.to_le_bytes());
}

fn put_number_field(out: &mut Vec<u8>, field: u8, value: u64) {
    out.push(varint_tag(field));
    put_varint(out, value);
}

fn put_signed(out: &mut Vec<u8>, field: u8, value: i64) {
    put_number_field(out, field, zigzag(value));
}

const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}
