//! Head sampling, against the OpenTelemetry SDK's own decisions.

use std::time::Duration;

use opentelemetry::trace::{SpanKind, TraceId as OracleId};
use opentelemetry_sdk::trace::{Sampler as Oracle, SamplingDecision, ShouldSample};
use otel_runtime::__private::Guard;
use otel_runtime::{Config, Sampler, SpanContext, SpanId, Start, TraceFlags, TraceId, install};
use otelkit_tests::process::ending;
use otelkit_tests::process::ledger::Ledger;
use otelkit_tests::site;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

fn oracle(ratio: f64, trace_id: TraceId) -> bool {
    let id = OracleId::from_bytes(trace_id.to_bytes());
    let links = &[];
    let decided = Oracle::TraceIdRatioBased(ratio).should_sample(
        None,
        id,
        "span",
        &SpanKind::Internal,
        &[],
        links,
    );
    decided.decision == SamplingDecision::RecordAndSample
}

/// One test, because one process has one runtime at a time.
#[test]
fn a_ratio_takes_just_the_traces_that_the_opentelemetry_sdk_takes() {
    let mut runner = TestRunner::deterministic();
    let ratios = proptest::num::f64::POSITIVE.prop_map(|number| number.fract());
    let mut tried: Vec<f64> = vec![0.0, 1e-12, 0.1, 0.25, 0.5, 0.999_999, 1.0];
    tried.extend((0..20).map(|_| ratios.new_tree(&mut runner).unwrap().current()));
    let ids = proptest::num::u128::ANY;
    let site = site!("entry");
    for ratio in tried {
        let ledger = Ledger::keeping();
        let config = Config::new().sampler(Sampler::TraceIdRatio(ratio));
        let telemetry = install(config.with_exporter(ledger.clone())).unwrap();
        let mut expected = Vec::new();
        for _ in 0..500 {
            let id = ids.new_tree(&mut runner).unwrap().current();
            let Some(trace_id) = TraceId::new(id) else {
                continue;
            };
            if oracle(ratio, trace_id) {
                expected.push(trace_id);
            }
            let parent = SpanContext {
                trace_id,
                span_id: SpanId::new(1).unwrap(),
                trace_flags: TraceFlags::default(),
                is_remote: true,
            };
            drop(Guard::<0>::enter_with(site, Start::child_of(parent)));
        }
        let stats = ending::shut_down(telemetry, Duration::from_secs(10));
        assert_eq!(stats.lost(), 0);
        let taken: Vec<_> = ledger
            .entries()
            .iter()
            .map(|entry| entry.trace_id)
            .collect();
        assert_eq!(taken, expected, "ratio {ratio}");
    }
}
