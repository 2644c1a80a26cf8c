//! Counters that begin anew, for exporters of the OpenTelemetry SDK that prefer deltas.

mod sdk_lines;

use opentelemetry_sdk::metrics::Temporality;
use otel_runtime::export::Exporter;
use otel_runtime::export::sdk::SdkMetricsExporter;
use otel_runtime::metric::{Metrics, NumberValue, Points};
use otelkit_tests::export::Started;
use otelkit_tests::metrics::orders;
use sdk_lines::{lines, memory};

/// A counter of one series that began `seconds` later than it usually does.
fn orders_begun(seconds: u64, value: NumberValue) -> Metrics {
    let mut metrics = orders(0);
    let Points::Sum { points, .. } = &mut metrics.list[0].points else {
        panic!("{metrics:?}");
    };
    points[0].start_unix_ns += seconds * 1_000_000_000;
    points[0].value = value;
    metrics
}

/// What an exporter gets of these readings, one list for each.
fn driven(temporality: Temporality, readings: &[Metrics]) -> Vec<Vec<String>> {
    let memory = memory(temporality);
    let mut driven = Started::new(SdkMetricsExporter::new(memory.clone()));
    readings
        .iter()
        .map(|reading| {
            memory.reset();
            driven.exporter.metrics(reading);
            driven.flush().unwrap();
            let exported = memory.get_finished_metrics().unwrap();
            exported.iter().flat_map(lines).collect()
        })
        .collect()
}

#[test]
fn a_counter_that_begins_anew_is_left_out_of_one_delta_and_whole_in_the_next() {
    for anew in [
        // Fewer than before, as many, and more.
        [(0, 7), (60, 3), (60, 4), (60, 9)],
        [(0, 7), (60, 7), (60, 4), (60, 9)],
        [(0, 7), (60, 8), (60, 4), (60, 9)],
        // Something else keeps it, and it has fallen.
        [(0, 7), (0, 3), (0, 4), (0, 9)],
        // It falls while it is left out.
        [(0, 7), (60, 5), (120, 4), (120, 9)],
    ] {
        let whole = anew.map(|(seconds, value)| orders_begun(seconds, NumberValue::Int(value)));
        let got = driven(Temporality::Delta, &whole);
        let line = |value: &str| vec![format!("shop.orders counter Delta paid=true;{value}")];
        assert_eq!(got, [line("7"), vec![], line("4"), line("5")], "{anew:?}");
        let floating =
            anew.map(|(seconds, value)| orders_begun(seconds, NumberValue::Double(value as f64)));
        let got = driven(Temporality::Delta, &floating);
        assert_eq!(
            got,
            [line("7.0"), vec![], line("4.0"), line("5.0")],
            "{anew:?}"
        );
    }
}

#[test]
fn a_counter_that_was_away_for_a_reading_is_whole_at_once() {
    let mut away = orders(0);
    if let Points::Sum { points, .. } = &mut away.list[0].points {
        points.clear();
    }
    let got = driven(
        Temporality::Delta,
        &[orders(7), away, orders_begun(60, NumberValue::Int(3))],
    );
    let line = |value| vec![format!("shop.orders counter Delta paid=true;{value}")];
    assert_eq!(got, [line(7), vec![], line(3)]);
}

#[test]
fn a_counter_that_begins_anew_is_in_every_reading_of_an_exporter_that_takes_totals() {
    let readings = [orders(7), orders_begun(60, NumberValue::Int(3))];
    for temporality in [Temporality::Cumulative, Temporality::LowMemory] {
        let line = |value| vec![format!("shop.orders counter Cumulative paid=true;{value}")];
        assert_eq!(driven(temporality, &readings), [line(7), line(3)]);
    }
}

#[test]
fn what_was_counted_before_is_in_no_reading_of_any_exporter() {
    for temporality in [Temporality::Delta, Temporality::Cumulative] {
        let memory = memory(temporality);
        let mut driven = Started::new(SdkMetricsExporter::new(memory.clone()));
        driven.exporter.counted_before(&orders(7));
        driven.exporter.metrics(&orders(9));
        driven.flush().unwrap();
        let exported = memory.get_finished_metrics().unwrap();
        let line = format!("shop.orders counter {temporality:?} paid=true;2");
        let all: Vec<_> = exported.iter().flat_map(lines).collect();
        assert_eq!(all, [line]);
    }
}
