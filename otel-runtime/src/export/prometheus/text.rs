//! The two text formats: Prometheus' [0.0.4], and [OpenMetrics] 1.0.0.
//!
//! [0.0.4]: https://prometheus.io/docs/instrumenting/exposition_formats/
//! [OpenMetrics]: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md

use std::fmt::{self, Display};
use std::io::Write;

use super::Read;
use super::accept::Format;
use super::classic;
use super::family::{Family, Kind};
use super::labels::{self, Labels};
use crate::metric::{Exemplar, Metric, NumberValue, Points};
use crate::resource::Resource;

pub(super) fn render(
    families: &[Family],
    read: Read<'_, '_>,
    resource: &Resource,
    format: Format,
) -> Vec<u8> {
    let mut text = Text {
        out: Vec::new(),
        is_open: format == Format::OpenMetrics,
        labels: String::new(),
    };
    for family in families {
        text.put_family(family, read);
    }
    text.put_target(resource);
    if text.is_open {
        text.out.extend_from_slice(b"# EOF\n");
    }
    text.out
}

struct Text {
    out: Vec<u8>,
    /// It is OpenMetrics.
    is_open: bool,
    /// Those of one series, written once: `a="1",b="2"`.
    labels: String,
}

impl Text {
    fn put_family(&mut self, family: &Family, read: Read<'_, '_>) {
        let kind = match family.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let counter = format!("{}_total", family.name);
        // OpenMetrics leaves `_total` to the samples
        let of_header = match family.kind {
            Kind::Counter if !self.is_open => &counter,
            _ => &family.name,
        };
        let begin = self.out.len();
        self.put_header(of_header, kind, &family.help);
        if self.is_open && !family.unit.is_empty() {
            self.put(format_args!("# UNIT {of_header} {}\n", family.unit));
        }
        let header = self.out.len();
        let of_sample = match family.kind {
            Kind::Counter => &counter,
            Kind::Gauge | Kind::Histogram => &family.name,
        };
        for place in &family.metrics {
            self.put_metric(of_sample, &read(*place));
        }
        if self.out.len() == header {
            self.out.truncate(begin);
        }
    }

    fn put_header(&mut self, name: &str, kind: &str, help: &str) {
        let quotes = self.is_open;
        self.put(format_args!(
            "# TYPE {name} {kind}\n# HELP {name} {}\n",
            Escaped { text: help, quotes }
        ));
    }

    fn put_metric(&mut self, name: &str, metric: &Metric) {
        let mut labels = Labels::new(&metric.scope);
        match &metric.points {
            Points::Sum {
                points,
                is_monotonic,
                ..
            } => {
                for point in points {
                    self.set_labels(labels.of(&point.attributes));
                    self.put_sample(name, "", None, number(point.value));
                    self.end_sample(point.exemplars.first().filter(|_| *is_monotonic));
                }
            }
            Points::Gauge(points) => {
                for point in points {
                    self.set_labels(labels.of(&point.attributes));
                    self.put_sample(name, "", None, number(point.value));
                    self.end_sample(None);
                }
            }
            Points::Histogram {
                points, boundaries, ..
            } => {
                let boundaries = Boundary::all(boundaries.iter().copied());
                for point in points {
                    self.set_labels(labels.of(&point.attributes));
                    let counts = point.counts.iter().scan(0, |below, count| {
                        *below += count;
                        Some(*below)
                    });
                    let all = (point.count(), point.sum);
                    self.put_histogram(name, &boundaries, counts, all, &point.exemplars);
                }
            }
            Points::ExponentialHistogram { points, .. } => {
                let boundaries = Boundary::all(classic::boundaries(&metric.unit));
                for point in points {
                    self.set_labels(labels.of(&point.attributes));
                    let counts = classic::cumulative(point, &metric.unit);
                    let all = (point.count(), point.sum);
                    self.put_histogram(name, &boundaries, counts, all, &point.exemplars);
                }
            }
        }
    }

    /// `counts` may leave out that of the last boundary, below which everything is.
    fn put_histogram(
        &mut self,
        name: &str,
        boundaries: &[Boundary],
        counts: impl Iterator<Item = u64>,
        (count, sum): (u64, f64),
        exemplars: &[Exemplar],
    ) {
        let mut above = f64::NEG_INFINITY;
        for (boundary, below) in boundaries.iter().zip(counts.chain([count])) {
            self.put_sample(name, "_bucket", Some(boundary), Shown::count(below));
            self.end_sample(latest_between(above, boundary.value, exemplars));
            above = boundary.value;
        }
        self.put_sample(name, "_sum", None, Shown::Double(sum));
        self.end_sample(None);
        self.put_sample(name, "_count", None, Shown::count(count));
        self.end_sample(None);
    }

    /// All but the end of the line.
    fn put_sample(&mut self, name: &str, suffix: &str, le: Option<&Boundary>, value: Shown) {
        let out = &mut self.out;
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(suffix.as_bytes());
        if le.is_some() || !self.labels.is_empty() {
            out.push(b'{');
            out.extend_from_slice(self.labels.as_bytes());
            if let Some(le) = le {
                if !self.labels.is_empty() {
                    out.push(b',');
                }
                out.extend_from_slice(le.label.as_bytes());
            }
            out.push(b'}');
        }
        out.push(b' ');
        match value {
            Shown::Int(value) => {
                out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
            }
            Shown::Double(value) => put(out, format_args!("{}", Double(value))),
        }
    }

    fn end_sample(&mut self, exemplar: Option<&Exemplar>) {
        if let Some(exemplar) = exemplar.filter(|_| self.is_open) {
            let Exemplar { value, unix_ns, .. } = *exemplar;
            let (seconds, ns) = (unix_ns / 1_000_000_000, unix_ns % 1_000_000_000);
            self.put(format_args!(" # {{"));
            if let Some((trace_id, span_id)) = exemplar.span {
                self.put(format_args!(
                    "trace_id=\"{trace_id}\",span_id=\"{span_id}\""
                ));
            }
            self.put(format_args!("}} {} {seconds}.{ns:09}", number(value)));
        }
        self.out.push(b'\n');
    }

    fn put_target(&mut self, resource: &Resource) {
        let (name, kind) = match self.is_open {
            true => ("target", "info"),
            false => ("target_info", "gauge"),
        };
        self.put_header(name, kind, "Attributes of the resource.");
        self.set_labels(labels::of_resource(resource));
        self.put_sample("target_info", "", None, Shown::Int(1));
        self.end_sample(None);
    }

    fn set_labels<N: AsRef<str>, V: AsRef<str>>(
        &mut self,
        labels: impl IntoIterator<Item = (N, V)>,
    ) {
        use fmt::Write;

        let line = &mut self.labels;
        line.clear();
        for (name, value) in labels {
            if !line.is_empty() {
                line.push(',');
            }
            line.push_str(name.as_ref());
            line.push_str("=\"");
            let text = value.as_ref();
            if text
                .bytes()
                .any(|byte| matches!(byte, b'\\' | b'\n' | b'"'))
            {
                let quotes = true;
                // writing to a string cannot fail
                let _ = write!(line, "{}", Escaped { text, quotes });
            } else {
                line.push_str(text);
            }
            line.push('"');
        }
    }

    fn put(&mut self, text: fmt::Arguments<'_>) {
        put(&mut self.out, text);
    }
}

fn put(out: &mut Vec<u8>, text: fmt::Arguments<'_>) {
    // writing to a vector cannot fail
    let _ = out.write_fmt(text);
}

/// The upper end of a bucket, and the label that says so, written once for all series.
struct Boundary {
    value: f64,
    label: String,
}

impl Boundary {
    /// These and the last one, which is infinite.
    fn all(finite: impl Iterator<Item = f64>) -> Vec<Self> {
        let of = |value| Self {
            value,
            label: format!("le=\"{}\"", Double(value)),
        };
        finite.chain([f64::INFINITY]).map(of).collect()
    }
}

/// A whole or floating-point number.
enum Shown {
    Int(i64),
    Double(f64),
}

impl Shown {
    fn count(count: u64) -> Self {
        Self::Int(count.cast_signed())
    }
}

fn number(value: NumberValue) -> Shown {
    match value {
        NumberValue::Int(value) => Shown::Int(value),
        NumberValue::Double(value) => Shown::Double(value),
    }
}

/// The latest exemplar of a bucket.
pub(super) fn latest_between(above: f64, boundary: f64, all: &[Exemplar]) -> Option<&Exemplar> {
    let here = all.iter().filter(|exemplar| {
        let value = as_double(exemplar.value);
        above < value && value <= boundary
    });
    here.max_by_key(|exemplar| exemplar.unix_ns)
}

pub(super) const fn as_double(value: NumberValue) -> f64 {
    match value {
        NumberValue::Int(value) => value as f64,
        NumberValue::Double(value) => value,
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            Self::Double(value) => Double(*value).fmt(f),
        }
    }
}

/// With a point, so that a boundary is the same label in every format.
struct Double(f64);

impl Display for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            f64::INFINITY => f.write_str("+Inf"),
            f64::NEG_INFINITY => f.write_str("-Inf"),
            value => write!(f, "{value:?}"),
        }
    }
}

/// A text on one line; quotes only where they would end it.
struct Escaped<'a> {
    text: &'a str,
    quotes: bool,
}

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.text;
        let special = |c| matches!(c, '\\' | '\n') || c == '"' && self.quotes;
        while let Some(at) = rest.find(special) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'\n' => "\\n",
                b'"' => "\\\"",
                _ => "\\\\",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}
