//! Enums as labels, from the declaration to the exporter.

use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::metric::{AttributeValue, Counter, NumberValue, Points};
use otel_runtime::{Config, Label, install};

#[derive(Clone, Copy, Label)]
enum Tier {
    Free,
    #[label(rename = "paid-yearly")]
    PaidYearly,
}

#[derive(Clone, Copy, Label)]
enum Channel {
    InStore,
    Http2,
}

static ORDERS: Counter<(Tier, Option<Channel>)> =
    Counter::new("shop.orders", &["tier", "channel"]).unit("{order}");

#[test]
fn each_variant_is_a_series_called_like_it() {
    let memory = MemoryExporter::new();
    let telemetry = install(Config::new().with_exporter(memory.clone())).unwrap();
    ORDERS.add(2, (Tier::PaidYearly, Some(Channel::InStore)));
    ORDERS.add(3, (Tier::Free, None));
    ORDERS.add(5, (Tier::Free, Some(Channel::Http2)));
    telemetry.shutdown(Duration::from_secs(10)).unwrap();

    let metrics = memory.metrics();
    let orders = metrics.metric("shop.orders").unwrap();
    let Points::Sum { points, .. } = &orders.points else {
        panic!("{orders:?}");
    };
    let series: Vec<_> = points
        .iter()
        .map(|point| {
            let of = |key: &str| match point.attributes.iter().find(|(name, _)| name == key) {
                Some((_, AttributeValue::Str(text))) => Some(&**text),
                Some(other) => panic!("{other:?}"),
                None => None,
            };
            let NumberValue::Int(count) = point.value else {
                panic!("{point:?}");
            };
            (of("tier").unwrap(), of("channel"), count)
        })
        .collect();
    assert_eq!(
        series,
        [
            ("free", None, 3),
            ("free", Some("in_store"), 0),
            ("free", Some("http2"), 5),
            ("paid-yearly", None, 0),
            ("paid-yearly", Some("in_store"), 2),
            ("paid-yearly", Some("http2"), 0),
        ]
    );
}
