//! The adapter, with exporters that were made for the OpenTelemetry SDK.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::trace::{Status, TraceState};
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData, SpanExporter};
use otel_runtime::export::otlp::BatchConfig;
use otel_runtime::export::sdk::SdkExporter;
use otel_runtime::export::{Exporter, LossCause, StatusData, ValueData};
use otelkit_tests::export::Started;
use otelkit_tests::grpc::{GrpcReceiver, accepted};
use otelkit_tests::spans::{any_span, plain, trace, with_view};
use proptest::prelude::*;

/// Notes what is called, and answers as it is told.
#[derive(Clone, Debug, Default)]
struct Notes {
    calls: Arc<Mutex<Vec<String>>>,
    fails: bool,
    hangs: bool,
}

impl Notes {
    fn note(&self, call: impl Into<String>) {
        self.calls.lock().unwrap().push(call.into());
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

impl SpanExporter for Notes {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.note(format!("export {}", batch.len()));
        if self.hangs {
            pending::<()>().await;
        }
        if self.fails {
            return Err(OTelSdkError::InternalFailure("no".to_owned()));
        }
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.note("flush");
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        self.note("shutdown");
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        let name = resource.get(&"service.name".into()).unwrap();
        self.note(format!("resource {name}"));
    }
}

#[test]
fn every_call_of_the_trait_is_made_in_its_time() {
    let notes = Notes::default();
    let batch = BatchConfig {
        max_export_batch_size: 4,
        ..BatchConfig::default()
    };
    let mut driven = Started::new(SdkExporter::new(notes.clone()).batch(batch));
    driven.export(9);
    driven.flush().unwrap();
    driven.flush().unwrap();
    driven.export(1);
    driven.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(driven.counts(LossCause::Failed), (10, 0));
    let expected = [
        "resource tests",
        "export 4",
        "export 4",
        "export 1",
        "flush",
        "flush",
        "export 1",
        "shutdown",
    ];
    assert_eq!(notes.calls(), expected);
}

#[test]
fn an_exporter_that_fails_costs_the_spans() {
    let notes = Notes {
        fails: true,
        ..Notes::default()
    };
    let mut driven = Started::new(SdkExporter::new(notes));
    driven.export(5);
    let error = driven.flush().unwrap_err();
    assert_eq!(error.pending, 5);
    assert!(error.to_string().contains("no"), "{error}");
    assert_eq!(driven.counts(LossCause::Failed), (0, 5));
}

#[test]
fn an_exporter_that_hangs_is_given_up_at_the_deadline() {
    let notes = Notes {
        hangs: true,
        ..Notes::default()
    };
    let mut driven = Started::new(SdkExporter::new(notes));
    driven.export(5);
    driven.shutdown(Duration::from_millis(50)).unwrap_err();
    assert_eq!(driven.counts(LossCause::Shutdown), (0, 5));
}

#[test]
fn an_exporter_that_panics_costs_the_spans_and_no_more() {
    #[derive(Debug)]
    struct Panics;

    impl SpanExporter for Panics {
        async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
            panic!("a bug of somebody else");
        }
    }

    let mut driven = Started::new(SdkExporter::new(Panics));
    driven.export(5);
    assert_eq!(driven.flush().unwrap_err().pending, 5);
    driven.export(2);
    driven.shutdown(Duration::from_secs(30)).unwrap_err();
    assert_eq!(driven.stats.dropped(LossCause::Failed), 5);
    assert_eq!(driven.stats.dropped_total(), 7);
}

#[test]
fn a_cancelled_trace_is_forgotten() {
    let exporter = InMemorySpanExporter::default();
    let mut driven = Started::new(SdkExporter::new(exporter.clone()));
    driven.export(3);
    assert_eq!(driven.exporter.cancel_trace(trace(1)), 3);
    driven.flush().unwrap();
    assert!(exporter.get_finished_spans().unwrap().is_empty());
}

#[test]
fn the_stdout_exporter_works() {
    let exporter = opentelemetry_stdout::SpanExporter::default();
    let mut driven = Started::new(SdkExporter::new(exporter));
    driven.export(2);
    driven.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(driven.counts(LossCause::Failed), (2, 0));
}

#[test]
fn an_exporter_that_needs_an_executor_gets_one() {
    let receiver = GrpcReceiver::plain(vec![accepted()]);
    let executor = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let exporter = {
        let _inside = executor.enter();
        opentelemetry_otlp::SpanExporter::builder()
            .with_tonic()
            .with_endpoint(format!("http://127.0.0.1:{}", receiver.port))
            .build()
            .unwrap()
    };
    let exporter = SdkExporter::new(exporter).wait_with(move |future| executor.block_on(future));
    let mut driven = Started::new(exporter);
    driven.export(700);
    driven.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(driven.counts(LossCause::Failed), (700, 0));
    let seen = receiver.seen.lock().unwrap();
    let spans: usize = seen
        .iter()
        .flat_map(|(_, request)| &request.resource_spans)
        .flat_map(|spans| &spans.scope_spans)
        .map(|spans| spans.spans.len())
        .sum();
    assert_eq!(spans, 700);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nothing_is_lost_on_the_way(span in any_span()) {
        let exporter = InMemorySpanExporter::default();
        let mut driven = Started::new(SdkExporter::new(exporter.clone()));
        with_view(&span, |view| driven.exporter.export(view));
        driven.flush().unwrap();
        let spans = exporter.get_finished_spans().unwrap();
        let [seen] = &spans[..] else { panic!("one span") };
        prop_assert_eq!(&*seen.name, &*span.name);
        prop_assert_eq!(seen.span_context.trace_id().to_string(), span.trace_id.to_string());
        prop_assert_eq!(seen.span_context.span_id().to_string(), span.span_id.to_string());
        prop_assert_eq!(seen.span_context.trace_flags().to_u8(), span.trace_flags.bits());
        let state = |text: &str| text.parse::<TraceState>().unwrap_or_default().header();
        prop_assert_eq!(seen.span_context.trace_state().header(), state(&span.trace_state));
        let parent = span.parent_span_id.map_or("0".repeat(16), |id| id.to_string());
        prop_assert_eq!(seen.parent_span_id.to_string(), parent);
        prop_assert_eq!(seen.parent_span_is_remote, span.parent_is_remote);
        prop_assert_eq!(ns(seen.start_time), span.start_unix_ns);
        prop_assert_eq!(ns(seen.end_time), span.end_unix_ns);
        prop_assert_eq!(seen.dropped_attributes_count, span.dropped_attributes);
        prop_assert_eq!(seen.events.dropped_count, span.dropped_events);
        prop_assert_eq!(seen.links.dropped_count, span.dropped_links);
        prop_assert_eq!(seen.instrumentation_scope.name(), &*span.scope_name);
        prop_assert_eq!(seen.instrumentation_scope.version().unwrap_or(""), &*span.scope_version);
        let status = match &span.status {
            StatusData::Unset => Status::Unset,
            StatusData::Ok => Status::Ok,
            StatusData::Error(reason) => Status::error(reason.clone()),
        };
        prop_assert_eq!(&seen.status, &status);
        prop_assert_eq!(shown(&seen.attributes), expected(&span.attributes));
        for (seen, event) in seen.events.iter().zip(&span.events) {
            prop_assert_eq!(&*seen.name, &*event.name);
            prop_assert_eq!(ns(seen.timestamp), event.unix_ns);
            prop_assert_eq!(shown(&seen.attributes), expected(&event.attributes));
        }
        prop_assert_eq!(seen.events.len(), span.events.len());
        for (seen, link) in seen.links.iter().zip(&span.links) {
            let context = &seen.span_context;
            prop_assert_eq!(context.span_id().to_string(), link.span_id.to_string());
            prop_assert_eq!(context.is_remote(), link.is_remote);
            prop_assert_eq!(context.trace_state().header(), state(&link.trace_state));
            prop_assert_eq!(shown(&seen.attributes), expected(&link.attributes));
        }
        prop_assert_eq!(seen.links.len(), span.links.len());
    }
}

fn ns(time: std::time::SystemTime) -> u64 {
    let since = time.duration_since(std::time::UNIX_EPOCH).unwrap();
    since.as_nanos().try_into().unwrap()
}

/// Keys and values as text, in which NaN is like NaN.
fn shown(attributes: &[opentelemetry::KeyValue]) -> Vec<(String, String)> {
    use opentelemetry::{Array, Value};

    attributes
        .iter()
        .map(|attribute| {
            let value = match &attribute.value {
                Value::Bool(value) => format!("{value:?}"),
                Value::I64(value) => format!("{value:?}"),
                Value::F64(value) => format!("{value:?}"),
                Value::String(value) => format!("{:?}", value.as_str()),
                Value::Array(Array::Bool(values)) => format!("{values:?}"),
                Value::Array(Array::I64(values)) => format!("{values:?}"),
                Value::Array(Array::F64(values)) => format!("{values:?}"),
                Value::Array(Array::String(values)) => {
                    let texts: Vec<_> = values.iter().map(|text| text.as_str()).collect();
                    format!("{texts:?}")
                }
                other => panic!("{other:?}"),
            };
            (attribute.key.to_string(), value)
        })
        .collect()
}

fn expected(attributes: &[(String, ValueData)]) -> Vec<(String, String)> {
    attributes
        .iter()
        .map(|(key, value)| {
            let value = match value {
                ValueData::Bool(value) => format!("{value:?}"),
                ValueData::Int(value) => format!("{value:?}"),
                ValueData::Double(value) => format!("{value:?}"),
                ValueData::Str(value) => format!("{value:?}"),
                ValueData::Bools(values) => format!("{values:?}"),
                ValueData::Ints(values) => format!("{values:?}"),
                ValueData::Doubles(values) => format!("{values:?}"),
                ValueData::Strs(values) => format!("{values:?}"),
            };
            (key.clone(), value)
        })
        .collect()
}

#[test]
fn a_plain_span_is_what_the_sdk_would_make_of_it() {
    let exporter = InMemorySpanExporter::default();
    let mut driven = Started::new(SdkExporter::new(exporter.clone()));
    driven.export(1);
    driven.flush().unwrap();
    let spans = exporter.get_finished_spans().unwrap();
    assert_eq!(spans[0].name, plain(0).name);
    assert!(spans[0].span_context.is_valid());
    assert!(spans[0].attributes.is_empty());
}
