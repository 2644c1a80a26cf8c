//! Head sampling, against what the OpenTelemetry SDKs decide.

use std::sync::{Mutex, PoisonError};
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

/// Those of the traces that are recorded at this ratio.
fn taken(ratio: f64, traces: impl IntoIterator<Item = TraceId>) -> Vec<TraceId> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let ledger = Ledger::keeping();
    let config = Config::new().sampler(Sampler::TraceIdRatio(ratio));
    let telemetry = install(config.with_exporter(ledger.clone())).unwrap();
    let site = site!("entry");
    for trace_id in traces {
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
    let entries = ledger.entries();
    entries.iter().map(|entry| entry.trace_id).collect()
}

#[test]
fn a_ratio_takes_just_the_traces_that_the_sdk_for_rust_takes() {
    let mut runner = TestRunner::deterministic();
    let ratios = proptest::num::f64::POSITIVE.prop_map(|number| number.fract());
    let mut tried: Vec<f64> = vec![0.0, 1e-12, 0.1, 0.25, 0.5, 0.999_999, 1.0];
    tried.extend((0..20).map(|_| ratios.new_tree(&mut runner).unwrap().current()));
    let mut any_id = || {
        proptest::num::u128::ANY
            .new_tree(&mut runner)
            .unwrap()
            .current()
    };
    for ratio in tried {
        let traces: Vec<_> = (0..500).filter_map(|_| TraceId::new(any_id())).collect();
        let expected: Vec<_> = traces
            .iter()
            .copied()
            .filter(|trace| oracle(ratio, *trace))
            .collect();
        assert_eq!(taken(ratio, traces), expected, "ratio {ratio}");
    }
}

/// A line of the table: what SDKs of other languages decided.
struct Decided {
    trace_id: TraceId,
    ratio: f64,
    python: bool,
    javascript: bool,
}

fn decided_elsewhere() -> Vec<Decided> {
    let table = include_str!("../fixtures/sampling/decisions.csv");
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let decided = lines.skip(1).map(|line| {
        let [trace_id, ratio, python, javascript] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("not a line of the table: {line}");
        };
        Decided {
            trace_id: trace_id.parse().unwrap(),
            ratio: ratio.parse().unwrap(),
            python: python == "1",
            javascript: javascript == "1",
        }
    });
    decided.collect()
}

#[test]
fn a_ratio_takes_just_the_traces_that_the_sdk_for_python_takes_and_others_than_javascripts() {
    let decided = decided_elsewhere();
    assert!(decided.len() > 200);
    let mut apart = 0;
    for lines in decided.chunk_by(|one, next| one.ratio == next.ratio) {
        let taken = taken(lines[0].ratio, lines.iter().map(|line| line.trace_id));
        for Decided {
            trace_id,
            ratio,
            python,
            javascript,
        } in lines
        {
            let is_taken = taken.contains(trace_id);
            assert_eq!(is_taken, *python, "{trace_id} at {ratio}");
            apart += usize::from(is_taken != *javascript);
        }
    }
    assert!(apart > 0, "the documentation says that they differ");
}
