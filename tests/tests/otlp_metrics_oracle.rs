//! What the encoders of metrics write is, to OTLP's own generated types, exactly what was read.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest as Request;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1 as otlp;
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use otel_runtime::Resource;
use otel_runtime::export::otlp::{Encoding, MetricsEncoder};
use otel_runtime::metric::{
    AttributeValue, Attributes, Exemplar, Metric, Metrics, NumberPoint, NumberValue, Points,
    Temporality,
};
use otelkit_tests::metrics::{any_metrics, orders};
use proptest::prelude::*;
use prost::Message;

fn encoded(encoding: Encoding, metrics: &Metrics, most_bytes: usize) -> Vec<(Vec<u8>, u64)> {
    let mut resource = Resource::default();
    resource.set("service.name", "tests");
    let mut bodies = Vec::new();
    MetricsEncoder::new(encoding, &resource, most_bytes)
        .encode(metrics, |body, points| bodies.push((body, points)));
    bodies
}

/// What was read, as the generated types have it, scope by scope; metrics without points left out.
fn expected(metrics: &Metrics) -> Vec<(String, Vec<otlp::Metric>)> {
    let mut scopes: Vec<(String, Vec<otlp::Metric>)> = Vec::new();
    for metric in &metrics.list {
        let (data, points) = data(&metric.points);
        if points == 0 {
            continue;
        }
        let metric_of_scope = otlp::Metric {
            name: metric.name.to_string(),
            description: metric.description.to_string(),
            unit: metric.unit.to_string(),
            metadata: Vec::new(),
            data: Some(data),
        };
        match scopes
            .iter_mut()
            .find(|(scope, _)| *scope == metric.scope.name)
        {
            Some((_, list)) => list.push(metric_of_scope),
            None => scopes.push((metric.scope.name.to_string(), vec![metric_of_scope])),
        }
    }
    scopes
}

fn assert_is(request: &Request, metrics: &Metrics) {
    let [of_resource] = &request.resource_metrics[..] else {
        panic!("one resource");
    };
    let resource = of_resource.resource.as_ref().expect("a resource");
    assert_eq!(resource.attributes.len(), 1);
    let decoded: Vec<_> = of_resource
        .scope_metrics
        .iter()
        .map(|scope| {
            (
                scope.scope.as_ref().expect("a scope").name.clone(),
                scope.metrics.clone(),
            )
        })
        .collect();
    // NaN is equal to nothing, but looks the same
    assert_eq!(format!("{decoded:?}"), format!("{:?}", expected(metrics)));
}

fn data(points: &Points) -> (Data, usize) {
    let temporality = |temporality: &Temporality| match temporality {
        Temporality::Delta => 1,
        Temporality::Cumulative => 2,
    };
    match points {
        Points::Gauge(points) => {
            let data_points = points.iter().map(number).collect();
            (Data::Gauge(otlp::Gauge { data_points }), points.len())
        }
        Points::Sum {
            is_monotonic,
            temporality: of,
            points,
        } => (
            Data::Sum(otlp::Sum {
                data_points: points.iter().map(number).collect(),
                aggregation_temporality: temporality(of),
                is_monotonic: *is_monotonic,
            }),
            points.len(),
        ),
        Points::Histogram {
            temporality: of,
            boundaries,
            points,
        } => (
            Data::Histogram(otlp::Histogram {
                data_points: points
                    .iter()
                    .map(|point| otlp::HistogramDataPoint {
                        attributes: attributes(&point.attributes),
                        start_time_unix_nano: point.start_unix_ns,
                        time_unix_nano: point.unix_ns,
                        count: point.counts.iter().sum(),
                        sum: Some(point.sum),
                        bucket_counts: point.counts.clone(),
                        explicit_bounds: boundaries.to_vec(),
                        exemplars: exemplars(&point.exemplars),
                        flags: 0,
                        min: point.min,
                        max: point.max,
                    })
                    .collect(),
                aggregation_temporality: temporality(of),
            }),
            points.len(),
        ),
        Points::ExponentialHistogram {
            temporality: of,
            points,
        } => (
            Data::ExponentialHistogram(otlp::ExponentialHistogram {
                data_points: points
                    .iter()
                    .map(|point| otlp::ExponentialHistogramDataPoint {
                        attributes: attributes(&point.attributes),
                        start_time_unix_nano: point.start_unix_ns,
                        time_unix_nano: point.unix_ns,
                        count: point.zero_count + point.counts.iter().sum::<u64>(),
                        sum: Some(point.sum),
                        scale: point.scale,
                        zero_count: point.zero_count,
                        positive: (!point.counts.is_empty()).then(|| Buckets {
                            offset: point.offset,
                            bucket_counts: point.counts.clone(),
                        }),
                        negative: None,
                        flags: 0,
                        exemplars: exemplars(&point.exemplars),
                        min: point.min,
                        max: point.max,
                        zero_threshold: 0.0,
                    })
                    .collect(),
                aggregation_temporality: temporality(of),
            }),
            points.len(),
        ),
    }
}

fn number(point: &NumberPoint) -> otlp::NumberDataPoint {
    use otlp::number_data_point::Value;
    otlp::NumberDataPoint {
        attributes: attributes(&point.attributes),
        start_time_unix_nano: point.start_unix_ns,
        time_unix_nano: point.unix_ns,
        exemplars: exemplars(&point.exemplars),
        flags: 0,
        value: Some(match point.value {
            NumberValue::Int(value) => Value::AsInt(value),
            NumberValue::Double(value) => Value::AsDouble(value),
        }),
    }
}

fn exemplars(exemplars: &[Exemplar]) -> Vec<otlp::Exemplar> {
    use otlp::exemplar::Value;
    let exemplar = |exemplar: &Exemplar| otlp::Exemplar {
        filtered_attributes: Vec::new(),
        time_unix_nano: exemplar.unix_ns,
        span_id: (exemplar.span).map_or(Vec::new(), |(_, id)| id.to_bytes().to_vec()),
        trace_id: (exemplar.span).map_or(Vec::new(), |(id, _)| id.to_bytes().to_vec()),
        value: Some(match exemplar.value {
            NumberValue::Int(value) => Value::AsInt(value),
            NumberValue::Double(value) => Value::AsDouble(value),
        }),
    };
    exemplars.iter().map(exemplar).collect()
}

fn attributes(attributes: &Attributes) -> Vec<KeyValue> {
    let key_value = |(key, value): &(std::borrow::Cow<'static, str>, AttributeValue)| KeyValue {
        key: key.to_string(),
        value: Some(AnyValue {
            value: Some(match value {
                AttributeValue::Bool(value) => Value::BoolValue(*value),
                AttributeValue::Int(value) => Value::IntValue(*value),
                AttributeValue::Str(text) => Value::StringValue(text.to_string()),
            }),
        }),
        ..KeyValue::default()
    };
    attributes.iter().map(key_value).collect()
}

/// The oracle's reader of JSON knows no NaN and no infinity, which OTLP/JSON writes as texts.
fn plain(value: &mut f64) {
    if !value.is_finite() {
        *value = 0.0;
    }
}

fn without_odd_doubles(metrics: &Metrics) -> Metrics {
    let mut metrics = metrics.clone();
    let plain_value = |value: &mut NumberValue| {
        if let NumberValue::Double(value) = value {
            plain(value);
        }
    };
    let plain_exemplars = |exemplars: &mut Vec<Exemplar>| {
        exemplars
            .iter_mut()
            .for_each(|exemplar| plain_value(&mut exemplar.value));
    };
    for Metric { points, .. } in &mut metrics.list {
        match points {
            Points::Gauge(points) | Points::Sum { points, .. } => {
                for point in points {
                    plain_value(&mut point.value);
                    plain_exemplars(&mut point.exemplars);
                }
            }
            Points::Histogram {
                boundaries, points, ..
            } => {
                boundaries.to_mut().iter_mut().for_each(plain);
                for point in points {
                    let bounds = point.min.iter_mut().chain(&mut point.max);
                    bounds.chain([&mut point.sum]).for_each(plain);
                    plain_exemplars(&mut point.exemplars);
                }
            }
            Points::ExponentialHistogram { points, .. } => {
                for point in points {
                    let bounds = point.min.iter_mut().chain(&mut point.max);
                    bounds.chain([&mut point.sum]).for_each(plain);
                    plain_exemplars(&mut point.exemplars);
                }
            }
        }
    }
    metrics
}

fn replace_odd_doubles(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(values) => values.iter_mut().for_each(replace_member),
        serde_json::Value::Object(members) => members
            .iter_mut()
            .filter(|(name, _)| {
                !["stringValue", "key", "name", "unit", "description"].contains(&name.as_str())
            })
            .for_each(|(_, value)| replace_member(value)),
        _ => {}
    }
}

fn replace_member(value: &mut serde_json::Value) {
    match value.as_str() {
        Some("NaN" | "Infinity" | "-Infinity") => *value = 0.0.into(),
        _ => replace_odd_doubles(value),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn protobuf_decodes_to_what_was_read(metrics in any_metrics()) {
        let bodies = encoded(Encoding::Protobuf, &metrics, usize::MAX);
        prop_assert_eq!(bodies.is_empty(), expected(&metrics).is_empty());
        for (body, _) in bodies {
            let request = Request::decode(&*body).unwrap();
            assert_is(&request, &metrics);
            // the shortest form of every length and number, defaults left out
            prop_assert_eq!(request.encode_to_vec(), body);
        }
    }

    #[test]
    fn json_decodes_to_what_was_read(metrics in any_metrics()) {
        for (body, _) in encoded(Encoding::Json, &metrics, usize::MAX) {
            prop_assert!(!body.iter().any(|byte| *byte < 0x20), "one line, nothing unescaped");
            let mut value: serde_json::Value = serde_json::from_slice(&body).unwrap();
            replace_odd_doubles(&mut value);
            let request: Request = serde_json::from_value(value).unwrap();
            assert_is(&request, &without_odd_doubles(&metrics));
        }
    }

    #[test]
    fn a_large_reading_is_split_and_loses_no_point(metrics in any_metrics(), most in 1..400usize) {
        let whole: u64 = encoded(Encoding::Protobuf, &metrics, usize::MAX)
            .iter().map(|(_, points)| points).sum();
        let mut split = 0;
        for (body, points) in encoded(Encoding::Protobuf, &metrics, most) {
            let request = Request::decode(&*body).unwrap();
            let in_request: usize = request.resource_metrics[0].scope_metrics.iter()
                .flat_map(|scope| &scope.metrics)
                .map(|metric| match metric.data.as_ref().unwrap() {
                    Data::Gauge(gauge) => gauge.data_points.len(),
                    Data::Sum(sum) => sum.data_points.len(),
                    Data::Histogram(histogram) => histogram.data_points.len(),
                    Data::ExponentialHistogram(histogram) => histogram.data_points.len(),
                    Data::Summary(_) => panic!("no summaries"),
                })
                .sum();
            prop_assert_eq!(in_request as u64, points);
            split += points;
        }
        prop_assert_eq!(split, whole);
    }
}

#[test]
fn an_ordinary_counter_takes_few_bytes() {
    let [(one, 1)] = &encoded(Encoding::Protobuf, &orders(1), usize::MAX)[..] else {
        panic!("one request");
    };
    assert!(one.len() < 200, "{}", one.len());
}
