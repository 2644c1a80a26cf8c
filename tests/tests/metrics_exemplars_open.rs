//! Exemplars of series whose labels are open.

use std::time::Duration;

use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::metric::{
    AttributeValue, Attributes, Counter, Exemplar, Histogram, Open, Points,
};
use otel_runtime::{Config, install, metered, traced};

const TIMEOUT: Duration = Duration::from_secs(10);

static SIZES: Histogram<Open<2>> = Histogram::new("open.sizes", &["tenant"]).buckets(&[10.0]);
static ORDERS: Counter<Open<2>> = Counter::new("open.orders", &["tenant"]);
static PRICES: Counter<Open<2>, f64> = Counter::new("open.prices", &["tenant"]);

#[traced(args(tenant))]
#[metered(name = "open.place", labels(tenant = open(tenant, max = 2)))]
fn place(tenant: &str) {
    SIZES.record(3.0, tenant);
    SIZES.record(300.0, tenant);
    ORDERS.add(2, tenant);
    PRICES.add(2.5, tenant);
}

/// The attributes and the exemplars of each series.
fn series(points: Points) -> Vec<(Attributes, Vec<Exemplar>)> {
    match points {
        Points::Sum { points, .. } | Points::Gauge(points) => points
            .into_iter()
            .map(|point| (point.attributes, point.exemplars))
            .collect(),
        Points::Histogram { points, .. } => points
            .into_iter()
            .map(|point| (point.attributes, point.exemplars))
            .collect(),
        Points::ExponentialHistogram { points, .. } => points
            .into_iter()
            .map(|point| (point.attributes, point.exemplars))
            .collect(),
    }
}

fn tenant_of(attributes: &Attributes) -> Option<&str> {
    attributes.iter().find_map(|(key, value)| match value {
        AttributeValue::Str(text) if key == "tenant" => Some(&**text),
        _ => None,
    })
}

#[test]
fn each_leads_to_the_span_in_which_the_value_of_its_series_was_counted() {
    let memory = MemoryExporter::new();
    let telemetry = install(Config::new().with_exporter(memory.clone())).unwrap();
    for tenant in ["a", "b", "c"] {
        place(tenant);
    }
    // Outside of any span.
    ORDERS.add(1, "a");
    telemetry.shutdown(TIMEOUT).unwrap();
    let metrics = memory.metrics();
    let spans = memory.take();
    let span_of = |tenant: &str| -> &SpanData {
        let is_it =
            |span: &&SpanData| format!("{:?}", span.attributes).contains(&format!("{tenant:?}"));
        spans.iter().find(is_it).unwrap()
    };
    for (name, count) in [
        ("open.sizes", 2),
        ("open.orders", 1),
        ("open.prices", 1),
        ("open.place.duration", 1),
        ("open.place.calls", 1),
    ] {
        let all = series(metrics.metric(name).unwrap().points.clone());
        assert_eq!(all.len(), 3, "{name}");
        for (attributes, exemplars) in all {
            // The third one found no place.
            let span = span_of(tenant_of(&attributes).unwrap_or("c"));
            let ids = Some((span.trace_id, span.span_id));
            assert_eq!(exemplars.len(), count, "{name} {attributes:?}");
            assert!(
                exemplars.iter().all(|it| it.span == ids),
                "{name} {attributes:?}"
            );
        }
    }
}
