//! The adapter of metrics, with exporters that were made for the OpenTelemetry SDK.

mod sdk_lines;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry_otlp::WithExportConfig;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use otel_runtime::export::sdk::SdkMetricsExporter;
use otel_runtime::export::{Exporter, LossCause};
use otel_runtime::metric::{Counter, Gauge, Histogram, UpDownCounter};
use otel_runtime::{Config, install, traced};
use otelkit_tests::export::Started;
use otelkit_tests::grpc::{GrpcReceiver, accepted};
use otelkit_tests::metrics::orders;
use sdk_lines::{lines, memory};

const TIMEOUT: Duration = Duration::from_secs(30);

static ORDERS: Counter<bool> = Counter::new("orders", &["paid"])
    .unit("{order}")
    .description("Orders.")
    .scope("shop", "1.2.3");
static WEIGHT: Counter<(), f64> = Counter::new("weight", &[]);
static OPEN: UpDownCounter = UpDownCounter::new("open", &[]);
static HEAT: Gauge = Gauge::new("heat", &[]);
static SIZES: Histogram<bool> = Histogram::new("sizes", &["big"]).buckets(&[1.0, 10.0, 100.0]);
static WAITS: Histogram = Histogram::new("waits", &[]).unit("s");

fn config(exporter: impl PushMetricExporter) -> Config {
    Config::new()
        .diagnostics(None)
        .own_metrics(false)
        .service_name("adapter")
        .with_exporter(SdkMetricsExporter::new(exporter))
}

fn count_something() {
    ORDERS.add(2, true);
    WEIGHT.add(1.5, ());
    OPEN.add(-3, ());
    HEAT.set(20.5, ());
    for value in [0.5, 5.0, 7.0, 500.0] {
        SIZES.record(value, true);
    }
    for value in [0.0, 0.25, 0.25, 3.0] {
        WAITS.record(value, ());
    }
}

#[test]
fn every_kind_of_metric_comes_with_its_values_attributes_and_names() {
    let memory = memory(Temporality::Cumulative);
    let telemetry = install(config(memory.clone())).unwrap();
    count_something();
    telemetry.flush(TIMEOUT).unwrap();
    let exported = memory.get_finished_metrics().unwrap().remove(0);
    assert_eq!(
        lines(&exported),
        [
            "heat gauge 20.5",
            "open sum Cumulative -3",
            "orders counter Cumulative paid=false;0",
            "orders counter Cumulative paid=true;2",
            "sizes Cumulative big=true;[1.0, 10.0, 100.0] [1, 2, 0, 1] 512.5 None",
            "waits Cumulative zeros 1 buckets 3 of 4 3.5",
            "weight counter Cumulative 1.5",
        ]
    );
    let name = exported.resource().get(&"service.name".into());
    assert_eq!(name.unwrap().as_str(), "adapter");
    let mut scopes = exported.scope_metrics();
    let shop = scopes.find(|it| it.scope().name() == "shop").unwrap();
    assert_eq!(shop.scope().version(), Some("1.2.3"));
    let metric = shop.metrics().next().unwrap();
    assert_eq!(
        (metric.unit(), metric.description()),
        ("{order}", "Orders.")
    );
    // A second reading says the same once more, and twice as much has been counted in the third.
    telemetry.flush(TIMEOUT).unwrap();
    count_something();
    telemetry.shutdown(TIMEOUT).unwrap();
    let readings = memory.get_finished_metrics().unwrap();
    assert_eq!(readings.len(), 3);
    assert_eq!(lines(&readings[0]), lines(&readings[1]));
    let last = lines(&readings[2]);
    assert!(
        last.contains(&"orders counter Cumulative paid=true;4".to_owned()),
        "{last:?}"
    );
    assert!(
        last.contains(&"waits Cumulative zeros 2 buckets 6 of 8 7.0".to_owned()),
        "{last:?}"
    );
}

#[test]
fn an_exporter_that_prefers_deltas_gets_deltas() {
    let memory = memory(Temporality::Delta);
    let telemetry = install(config(memory.clone())).unwrap();
    count_something();
    telemetry.flush(TIMEOUT).unwrap();
    count_something();
    ORDERS.add(1, true);
    telemetry.flush(TIMEOUT).unwrap();
    let readings = memory.get_finished_metrics().unwrap();
    let lines = lines(&readings[1]);
    for expected in [
        "orders counter Delta paid=true;3",
        "open sum Cumulative -6",
        "waits Delta zeros 1 buckets 3 of 4 3.5",
        "sizes Delta big=true;[1.0, 10.0, 100.0] [1, 2, 0, 1] 512.5 None",
    ] {
        let is_there = lines.iter().any(|line| line == expected);
        assert!(is_there, "{expected} in {lines:#?}");
    }
}
#[test]
fn a_histogram_whose_sum_is_infinite_still_says_how_many_there_are() {
    let memory = memory(Temporality::Delta);
    let telemetry = install(config(memory.clone())).unwrap();
    for value in [f64::MAX, f64::MAX, 5.0] {
        SIZES.record(value, true);
    }
    telemetry.flush(TIMEOUT).unwrap();
    // What came since is infinity less infinity.
    SIZES.record(0.5, true);
    SIZES.record(500.0, true);
    telemetry.flush(TIMEOUT).unwrap();
    let readings = memory.get_finished_metrics().unwrap();
    for (reading, counts) in readings.iter().zip(["[0, 1, 0, 2]", "[1, 0, 0, 1]"]) {
        let lines = lines(reading);
        let expected = format!("sizes Delta big=true;[1.0, 10.0, 100.0] {counts} ");
        let is_there = lines.iter().any(|line| line.starts_with(&expected));
        assert!(is_there, "{expected} in {lines:#?}");
    }
    assert_eq!(readings.len(), 2);
}

/// Notes what is called, and answers as it is told.
#[derive(Clone, Debug, Default)]
struct Notes {
    calls: Arc<Mutex<Vec<&'static str>>>,
    fails: bool,
    panics: bool,
}

impl Notes {
    fn calls(&self) -> Vec<&'static str> {
        self.calls.lock().unwrap().clone()
    }
}

#[traced]
fn inside_the_exporter() {}

impl PushMetricExporter for Notes {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
        self.calls.lock().unwrap().push("export");
        inside_the_exporter();
        assert!(!self.panics, "no");
        match self.fails {
            true => Err(OTelSdkError::InternalFailure("full".to_owned())),
            false => Ok(()),
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.calls.lock().unwrap().push("flush");
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.calls.lock().unwrap().push("shutdown");
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

#[test]
fn every_call_of_the_trait_is_made_in_its_time_and_recorded_nowhere() {
    let notes = Notes::default();
    let mut driven = Started::new(SdkMetricsExporter::new(notes.clone()));
    driven.exporter.metrics(&orders(7));
    driven.flush().unwrap();
    driven.exporter.metrics(&orders(8));
    driven.shutdown(TIMEOUT).unwrap();
    assert_eq!(notes.calls(), ["export", "flush", "export", "shutdown"]);
    assert_eq!(driven.stats.exported_points(), 2);
    assert_eq!(driven.stats.dropped_points_total(), 0);
    let telemetry = install(config(notes)).unwrap();
    ORDERS.add(1, true);
    telemetry.flush(TIMEOUT).unwrap();
    assert_eq!(telemetry.shutdown(TIMEOUT).unwrap().recorded, 0);
}

#[test]
fn an_export_that_fails_loses_its_points_and_says_why() {
    let notes = Notes {
        fails: true,
        ..Notes::default()
    };
    let mut driven = Started::new(SdkMetricsExporter::new(notes));
    driven.exporter.metrics(&orders(7));
    let error = driven.flush().unwrap_err();
    assert_eq!(error.pending_points, 1);
    assert!(error.to_string().contains("full"), "{error}");
    assert_eq!(driven.stats.dropped_points(LossCause::Failed), 1);
}

#[test]
fn an_exporter_that_panics_loses_points_and_nothing_else() {
    let notes = Notes {
        panics: true,
        ..Notes::default()
    };
    let mut driven = Started::new(SdkMetricsExporter::new(notes));
    for lost in 1..=2 {
        driven.exporter.metrics(&orders(7));
        driven.flush().unwrap_err();
        assert_eq!(driven.stats.dropped_points(LossCause::Failed), lost);
    }
    let _ = driven.shutdown(TIMEOUT);
}

#[test]
fn an_exporter_that_hangs_is_given_up_at_the_deadline() {
    #[derive(Debug)]
    struct Hangs;

    impl PushMetricExporter for Hangs {
        async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
            std::future::pending().await
        }

        fn force_flush(&self) -> OTelSdkResult {
            Ok(())
        }

        fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
            Ok(())
        }

        fn temporality(&self) -> Temporality {
            Temporality::Cumulative
        }
    }

    let mut driven = Started::new(SdkMetricsExporter::new(Hangs));
    driven.exporter.metrics(&orders(7));
    driven.shutdown(Duration::from_millis(50)).unwrap_err();
    assert_eq!(driven.stats.dropped_points(LossCause::Shutdown), 1);
}

#[test]
fn the_exporter_of_opentelemetry_otlp_reaches_its_receiver() {
    let receiver = GrpcReceiver::plain(vec![accepted()]);
    let executor = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let exporter = {
        let _inside = executor.enter();
        opentelemetry_otlp::MetricExporter::builder()
            .with_tonic()
            .with_endpoint(format!("http://127.0.0.1:{}", receiver.port))
            .with_temporality(Temporality::Delta)
            .build()
            .unwrap()
    };
    let exporter =
        SdkMetricsExporter::new(exporter).wait_with(move |future| executor.block_on(future));
    let config = Config::new()
        .own_metrics(false)
        .diagnostics(None)
        .with_exporter(exporter);
    let telemetry = install(config).unwrap();
    count_something();
    telemetry.flush(TIMEOUT).unwrap();
    let seen = receiver.seen_metrics.lock().unwrap();
    let metrics: Vec<_> = seen[0].1.resource_metrics[0]
        .scope_metrics
        .iter()
        .flat_map(|scope| &scope.metrics)
        .collect();
    let data = |name: &str| {
        let metric = metrics.iter().find(|metric| metric.name == name);
        metric.unwrap().data.clone().unwrap()
    };
    let Data::Sum(orders) = data("orders") else {
        panic!("{metrics:?}");
    };
    assert_eq!(orders.aggregation_temporality, 1);
    let values = orders.data_points.iter().map(|point| point.value);
    assert!(
        values
            .into_iter()
            .any(|value| value == Some(Value::AsInt(2)))
    );
    let Data::ExponentialHistogram(waits) = data("waits") else {
        panic!("{metrics:?}");
    };
    let point = &waits.data_points[0];
    assert_eq!(
        (point.count, point.zero_count, point.sum),
        (4, 1, Some(3.5))
    );
}
