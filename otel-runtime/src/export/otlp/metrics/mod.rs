//! Metrics on their way to OTLP requests.
//!
//! Runs on the collector thread. A reading becomes one request, or several if
//! it is large: a receiver takes no more than so many bytes at once. Points are
//! encoded one by one, so a metric of many series is split between requests.

mod exporter;
mod json;
mod point;
mod protobuf;

use std::mem;

use super::Encoding;
use super::envelope::{self, Enclosed, Envelope};
use crate::metric::{Metric, MetricScope, Metrics};
use crate::resource::Resource;

pub use exporter::OtlpMetricsExporter;

/// Encodes what the instruments have counted into the bodies of OTLP requests.
///
/// ```
/// use otel_runtime::Resource;
/// use otel_runtime::export::otlp::{Encoding, MetricsEncoder};
/// use otel_runtime::metric::{Metric, Metrics, MetricScope, NumberPoint, NumberValue, Points};
///
/// let queue = Metric {
///     name: "shop.queue".into(),
///     unit: "{order}".into(),
///     description: "".into(),
///     scope: MetricScope::default(),
///     points: Points::Gauge(vec![NumberPoint {
///         attributes: Vec::new(),
///         start_unix_ns: 0,
///         unix_ns: 1_700_000_000_000_000_000,
///         value: NumberValue::Int(3),
///         exemplars: Vec::new(),
///     }]),
/// };
/// let mut encoder = MetricsEncoder::new(Encoding::Json, &Resource::default(), 1 << 20);
/// let mut bodies = Vec::new();
/// encoder.encode(&Metrics { list: vec![queue] }, |body, points| bodies.push((body, points)));
/// let (body, points) = &bodies[0];
/// assert!(body.starts_with(b"{\"resourceMetrics\":["));
/// assert_eq!((bodies.len(), *points), (1, 1));
/// ```
#[derive(Debug)]
pub struct MetricsEncoder {
    envelope: Envelope,
    most_bytes: usize,
    scopes: Vec<ScopeMetrics>,
    /// Of the request that is being filled.
    points: u64,
    bytes: usize,
    scratch: Scratch,
}

/// The metrics of one instrumentation scope.
#[derive(Debug)]
struct ScopeMetrics {
    scope: MetricScope,
    encoded: Vec<u8>,
    /// Protobuf fields, or JSON objects with a comma after each.
    metrics: Vec<u8>,
}

/// Buffers that keep their memory.
#[derive(Debug, Default)]
struct Scratch {
    /// The encoded points of one metric, as far as they go into one request.
    points: Vec<u8>,
    point: Vec<u8>,
    inner: Vec<u8>,
}

impl MetricsEncoder {
    /// Encodes metrics of `resource`; a request is closed when it has `most_bytes` of metrics.
    #[must_use]
    pub fn new(encoding: Encoding, resource: &Resource, most_bytes: usize) -> Self {
        Self {
            envelope: Envelope::new(encoding, &envelope::METRICS, resource),
            most_bytes,
            scopes: Vec::new(),
            points: 0,
            bytes: 0,
            scratch: Scratch::default(),
        }
    }

    /// Gives each request to `take`, with the number of points in it.
    ///
    /// Metrics without a point are left out; no points, no request.
    pub fn encode(&mut self, metrics: &Metrics, mut take: impl FnMut(Vec<u8>, u64)) {
        for metric in &metrics.list {
            self.push(metric, &mut take);
        }
        self.finish(&mut take);
        self.scopes.clear();
    }

    fn push(&mut self, metric: &Metric, take: &mut impl FnMut(Vec<u8>, u64)) {
        let mut scratch = mem::take(&mut self.scratch);
        let encoding = self.envelope.encoding();
        for point in point::points(&metric.points) {
            let before = scratch.points.len();
            match encoding {
                Encoding::Protobuf => protobuf::put_point(&mut scratch, point),
                Encoding::Json | Encoding::JsonLine => json::put_point(&mut scratch.points, point),
            }
            self.bytes += scratch.points.len() - before;
            self.points += 1;
            if self.bytes >= self.most_bytes {
                self.close(metric, &mut scratch);
                self.finish(take);
            }
        }
        self.close(metric, &mut scratch);
        self.scratch = scratch;
    }

    /// Ends the metric whose points are in `scratch`.
    fn close(&mut self, metric: &Metric, scratch: &mut Scratch) {
        if scratch.points.is_empty() {
            return;
        }
        let encoding = self.envelope.encoding();
        let out = self.metrics_of(&metric.scope);
        match encoding {
            Encoding::Protobuf => protobuf::put_metric(out, metric, &scratch.points),
            Encoding::Json | Encoding::JsonLine => json::put_metric(out, metric, &scratch.points),
        }
        scratch.points.clear();
    }

    fn metrics_of(&mut self, scope: &MetricScope) -> &mut Vec<u8> {
        let known = self.scopes.iter().position(|known| known.scope == *scope);
        let place = known.unwrap_or_else(|| {
            self.scopes.push(ScopeMetrics {
                scope: scope.clone(),
                encoded: envelope::scope(self.envelope.encoding(), &scope.name, &scope.version),
                metrics: Vec::new(),
            });
            self.scopes.len() - 1
        });
        &mut self.scopes[place].metrics
    }

    /// Ends the request.
    fn finish(&mut self, take: &mut impl FnMut(Vec<u8>, u64)) {
        if self.points == 0 {
            return;
        }
        let filled = self.scopes.iter().filter(|scope| !scope.metrics.is_empty());
        let mut body = Vec::new();
        self.envelope.put(
            &mut body,
            filled.map(|scope| Enclosed {
                scope: &scope.encoded,
                items: &scope.metrics,
            }),
        );
        for scope in &mut self.scopes {
            scope.metrics.clear();
        }
        self.bytes = 0;
        take(body, mem::take(&mut self.points));
    }
}
