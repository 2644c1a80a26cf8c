//! What the encoders write is, to OTLP's own generated types, exactly what was recorded.

mod oracle;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use otel_runtime::export::SpanData;
use otel_runtime::export::otlp::{Batch, Encoding};
use otel_runtime::{Resource, ResourceValue};
use otelkit_tests::spans::{any_span, plain, trace, with_view};
use proptest::prelude::*;
use prost::Message;

fn resource() -> Resource {
    let mut resource = Resource::default();
    resource.set("service.name", "tests");
    resource.set("a.bool", ResourceValue::Bool(false));
    resource.set("a.number", ResourceValue::Int(-5));
    resource.set("a.double", ResourceValue::Double(0.5));
    resource
}

fn encoded(encoding: Encoding, spans: &[SpanData]) -> Vec<u8> {
    let mut batch = Batch::new(encoding, &resource());
    for span in spans {
        with_view(span, |view| batch.push(view));
    }
    let mut body = Vec::new();
    assert_eq!(batch.finish_into(&mut body), spans.len() as u64);
    assert_eq!((batch.spans(), batch.bytes()), (0, 0));
    body
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn protobuf_decodes_to_what_was_recorded(spans in prop::collection::vec(any_span(), 1..5)) {
        let body = encoded(Encoding::Protobuf, &spans);
        let request = ExportTraceServiceRequest::decode(&*body).unwrap();
        oracle::assert_is(&request, &resource(), &spans);
        // the shortest form of every length and number, fields in order, defaults left out
        prop_assert_eq!(request.encode_to_vec(), body);
    }

    #[test]
    fn json_decodes_to_what_was_recorded(spans in prop::collection::vec(any_span(), 1..5)) {
        let body = encoded(Encoding::Json, &spans);
        prop_assert!(!body.iter().any(|byte| *byte < 0x20), "one line, nothing unescaped");
        // the oracle's reader knows no NaN and no infinity, which OTLP/JSON writes as texts
        let spans: Vec<_> = spans.iter().map(oracle::without_odd_doubles).collect();
        let request = oracle::read_json(&body);
        oracle::assert_is(&request, &resource(), &spans);
    }

    #[test]
    fn a_removed_trace_leaves_the_others_as_they_were(
        spans in prop::collection::vec(any_span(), 0..8),
        mask in any::<u8>(),
    ) {
        let mut spans = spans;
        for (index, span) in spans.iter_mut().enumerate() {
            span.trace_id = trace(1 + u128::from(mask >> index & 1));
        }
        let (gone, kept): (Vec<_>, Vec<_>) =
            spans.iter().cloned().partition(|span| span.trace_id == trace(1));
        for encoding in [Encoding::Protobuf, Encoding::Json] {
            let mut batch = Batch::new(encoding, &resource());
            for span in &spans {
                with_view(span, |view| batch.push(view));
            }
            prop_assert_eq!(batch.remove_trace(trace(1)), gone.len() as u64);
            prop_assert_eq!(batch.remove_trace(trace(1)), 0);
            prop_assert_eq!(batch.spans(), kept.len() as u64);
            let mut body = Vec::new();
            batch.finish_into(&mut body);
            // a scope may have come first by a span that is gone, so order is not compared
            let request = match encoding {
                Encoding::Protobuf => ExportTraceServiceRequest::decode(&*body).unwrap(),
                Encoding::Json | Encoding::JsonLine => oracle::read_json(&body),
            };
            let kept: Vec<_> = match encoding {
                Encoding::Protobuf => kept.clone(),
                Encoding::Json | Encoding::JsonLine => kept.iter().map(oracle::without_odd_doubles).collect(),
            };
            oracle::assert_holds(&request, &kept);
        }
    }
}

#[test]
fn an_ordinary_span_takes_about_a_hundred_bytes() {
    let two = encoded(Encoding::Protobuf, &[plain(0), plain(1)]).len();
    let three = encoded(Encoding::Protobuf, &[plain(0), plain(1), plain(2)]).len();
    assert_eq!(three - two, 83);
}

#[test]
fn odd_doubles_are_texts_in_json() {
    use otel_runtime::export::ValueData;

    let mut span = plain(0);
    let doubles = vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -0.0];
    span.attributes = vec![("d".to_owned(), ValueData::Doubles(doubles))];
    let body: serde_json::Value =
        serde_json::from_slice(&encoded(Encoding::Json, &[span])).unwrap();
    let values = &body["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"][0]["value"]["arrayValue"]
        ["values"];
    let texts: Vec<_> = values
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["doubleValue"].to_string())
        .collect();
    assert_eq!(
        texts,
        ["\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "1e+300", "-0.0"]
    );
}

#[test]
fn a_batch_can_be_filled_again() {
    let mut batch = Batch::new(Encoding::Protobuf, &resource());
    let mut body = Vec::new();
    for number in 0..3 {
        let span = plain(number);
        with_view(&span, |view| batch.push(view));
        batch.finish_into(&mut body);
        let request = ExportTraceServiceRequest::decode(&*body).unwrap();
        oracle::assert_is(&request, &resource(), &[span]);
    }
}
