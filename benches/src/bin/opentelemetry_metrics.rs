//! The OpenTelemetry SDK's metrics: instruments of a meter, a periodic reader with its defaults
//! under them, its exporter one that keeps the last numbers.
//!
//! There is no attribute; a function is timed by hand. The SDK has nothing to be scraped.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, MeterProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use otelkit_benches::Clock;
use otelkit_benches::metrics::{Case, Metrics, labels, seconds};
use otelkit_benches::scrape;

struct OpenTelemetry {
    provider: SdkMeterProvider,
    latest: Latest,
    orders: Counter<u64>,
    waits: Histogram<f64>,
    calls: Counter<u64>,
    durations: Histogram<f64>,
}

impl OpenTelemetry {
    #[inline(never)]
    fn function(&self, gift: bool) -> bool {
        let start = Instant::now();
        let result = black_box(gift);
        let labels = [KeyValue::new("gift", gift), KeyValue::new("outcome", "ok")];
        self.calls.add(1, &labels);
        self.durations
            .record(start.elapsed().as_secs_f64(), &labels);
        result
    }
}

impl Metrics for OpenTelemetry {
    const NAME: &'static str = "opentelemetry";

    fn install(case: Case) -> Option<Self> {
        if case == Case::Both {
            return None;
        }
        let latest = Latest::default();
        let provider = SdkMeterProvider::builder()
            .with_periodic_exporter(latest.clone())
            .build();
        let meter = provider.meter("bench");
        let seconds = |name| meter.f64_histogram(name).with_unit("s").build();
        Some(Self {
            orders: meter.u64_counter("shop.orders").build(),
            waits: seconds("queue.wait"),
            calls: meter.u64_counter("function.calls").build(),
            durations: seconds("function.duration"),
            provider,
            latest,
        })
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Counter => clock.time(calls, |call| {
                let (plan, gift) = labels(call);
                let labels = [
                    KeyValue::new("plan", plan.as_str()),
                    KeyValue::new("gift", gift),
                ];
                self.orders.add(1, &labels);
            }),
            Case::Histogram => clock.time(calls, |call| {
                let gift = KeyValue::new("gift", labels(call).1);
                self.waits.record(seconds(call), &[gift]);
            }),
            Case::Function => clock.time(calls, |call| self.function(labels(call).1)),
            Case::Both => {}
        }
    }

    fn flush(&self) {
        self.provider.force_flush().expect("a flush");
    }

    fn counted(&self, case: Case) -> u64 {
        self.flush();
        let name = match case {
            Case::Counter => "shop.orders",
            Case::Histogram => "queue.wait",
            Case::Function | Case::Both => "function.calls",
        };
        let latest = self.latest.0.lock().expect("nobody panicked");
        let known = latest.iter().find(|(known, _)| known == name);
        known.map_or(0, |(_, count)| *count)
    }
}

/// Keeps how often was counted, by name.
#[derive(Clone, Default)]
struct Latest(Arc<Mutex<Vec<(String, u64)>>>);

fn count(data: &AggregatedMetrics) -> u64 {
    match data {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            sum.data_points().map(|point| point.value()).sum()
        }
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            histogram.data_points().map(|point| point.count()).sum()
        }
        _ => 0,
    }
}

impl PushMetricExporter for Latest {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let metrics = metrics.scope_metrics().flat_map(|scope| scope.metrics());
        let counts = metrics.map(|metric| (metric.name().to_owned(), count(metric.data())));
        *self.0.lock().expect("nobody panicked") = counts.collect();
        Ok(())
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

fn main() -> ExitCode {
    otelkit_benches::metrics::main::<OpenTelemetry>(scrape::none)
}
