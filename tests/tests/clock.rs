//! Times make sense: nothing ends before it began, no child outlives its parent's scope.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use otel_runtime::{Config, install};
use otelkit_tests::guard;
use otelkit_tests::process::ending;
use otelkit_tests::process::ledger::{Entry, Ledger};
use otelkit_tests::process::site::{async_work, work};

fn now_unix_ns() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_nanos()).unwrap()
}

/// One test, because one process has one runtime.
#[test]
fn children_lie_within_their_parents_and_within_the_time_of_the_test() {
    let ledger = Ledger::keeping();
    let before = now_unix_ns();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    for _ in 0..1000 {
        let _outer = guard!("outer");
        work();
        let _inner = guard!("inner");
        work();
    }
    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    executor.block_on(async { async_work(10).await });
    let stats = ending::shut_down(telemetry, Duration::from_secs(10));
    let after = now_unix_ns();
    assert_eq!(stats.lost(), 0);

    let entries = ledger.entries();
    assert_eq!(entries.len(), 4001);
    // the wall clock may be stepped while the test runs, though not by much
    let slack = 1_000_000_000;
    for entry in &entries {
        assert!(entry.start_unix_ns <= entry.end_unix_ns, "{entry:?}");
        assert!(entry.start_unix_ns >= before - slack, "{entry:?}");
        assert!(entry.end_unix_ns <= after + slack, "{entry:?}");
        if let Some(parent) = parent(&entries, entry) {
            assert!(
                parent.start_unix_ns <= entry.start_unix_ns,
                "{parent:?} {entry:?}"
            );
            assert!(
                entry.end_unix_ns <= parent.end_unix_ns,
                "{parent:?} {entry:?}"
            );
        }
    }
    let roots = entries
        .iter()
        .filter(|entry| entry.parent_span_id.is_none());
    assert_eq!(roots.count(), 1001);
}

fn parent<'e>(entries: &'e [Entry], child: &Entry) -> Option<&'e Entry> {
    let id = child.parent_span_id?;
    let parent = entries.iter().find(|entry| entry.span_id == id);
    let parent = parent.expect("the parent was exported");
    assert_eq!(parent.trace_id, child.trace_id);
    Some(parent)
}
