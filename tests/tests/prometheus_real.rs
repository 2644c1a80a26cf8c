//! A real Prometheus scrapes each format, and its answers are what was counted.

use std::collections::BTreeMap;

use otel_runtime::Resource;
use otel_runtime::export::prometheus::{Format, render};
use otel_runtime::metric::{AttributeValue, NumberValue, Points};
use otelkit_tests::prometheus::Prometheus;
use otelkit_tests::receiver::{Answer, HttpReceiver};
use otelkit_tests::scraped::everything;

fn target(format: Format, kind: &str) -> HttpReceiver {
    let body = render(&everything(), &Resource::default(), "", format);
    let kind = ("content-type", kind.to_owned());
    HttpReceiver::start([Answer::Status(200, vec![kind], body)])
}

#[test]
fn a_real_prometheus_reads_what_was_counted_in_every_format() {
    let text = target(Format::Text, "text/plain; version=0.0.4; charset=utf-8");
    let open = target(
        Format::OpenMetrics,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    );
    let protobuf = target(
        Format::Protobuf,
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
    );
    let targets = [("text", &text), ("open", &open), ("protobuf", &protobuf)];
    let jobs = targets.map(|(job, target)| (job, target.address));
    let Some(prometheus) = Prometheus::start(&jobs, "1s") else {
        return;
    };
    for (_, target) in targets {
        // the second time, what came the first time is stored
        let _ = (target.request(), target.request());
    }
    let is = |query: &str, expected: f64, ratio: f64| {
        let value = prometheus.value(query);
        let range = expected / ratio * 0.999_999..=expected * ratio * 1.000_001;
        assert!(
            range.contains(&value),
            "{query}: {value}, expected {expected}"
        );
    };
    for (job, _) in targets {
        let of = |name: &str| format!("{name}{{job=\"{job}\"}}");
        is(&of("target_info"), 1.0, 1.0);
        // 1 to 9 and 99, hostile labels and all
        is(&format!("sum({})", of("shop_orders_total")), 144.0, 1.0);
        assert_eq!(labels(&prometheus, job), counted_labels());
        is(&of("upload_size_bytes_sum"), 1234.5, 1.0);
        is(&of("upload_size_bytes_count"), 100.0, 1.0);
        // each estimate is within the bucket that holds the true quantile
        for quantile in [0.1, 0.5, 0.95, 0.99] {
            let (buckets, ratio) = match job {
                "protobuf" => (of("queue_wait_seconds"), 2_f64.powf(0.125)),
                _ => (of("queue_wait_seconds_bucket"), 2.0),
            };
            is(
                &format!("histogram_quantile({quantile}, {buckets})"),
                quantile,
                ratio,
            );
        }
    }
    for job in ["text", "open"] {
        is(
            &format!("queue_wait_seconds_count{{job=\"{job}\"}}"),
            1000.0,
            1.0,
        );
        is(
            &format!("queue_wait_seconds_sum{{job=\"{job}\"}}"),
            500.5,
            1.0,
        );
        is(
            &format!("queue_empty_seconds_count{{job=\"{job}\"}} + 1"),
            1.0,
            1.0,
        );
    }
    is("histogram_count(queue_wait_seconds)", 1000.0, 1.0);
    is("histogram_sum(queue_wait_seconds)", 500.5, 1.0);
    // also an empty one is a native histogram
    is("histogram_count(queue_empty_seconds) + 1", 1.0, 1.0);
}

/// What Prometheus knows of the labels of a counter: each value of the label, and how often.
fn labels(prometheus: &Prometheus, job: &str) -> BTreeMap<String, i64> {
    let series = prometheus.values(&format!("shop_orders_total{{job=\"{job}\"}}"));
    let of = |labels: &serde_json::Value| labels["tier_of_customer"].as_str().map(str::to_owned);
    series
        .iter()
        // an empty label is none
        .map(|(labels, value)| (of(labels).unwrap_or_default(), *value as i64))
        .collect()
}

/// The same, as it was counted.
fn counted_labels() -> BTreeMap<String, i64> {
    let metrics = everything();
    let Points::Sum { points, .. } = &metrics.metric("shop.orders").unwrap().points else {
        panic!("a counter");
    };
    points
        .iter()
        .map(|point| match (&point.attributes[0].1, point.value) {
            (AttributeValue::Str(label), NumberValue::Int(value)) => (label.to_string(), value),
            _ => panic!("{point:?}"),
        })
        .collect()
}
