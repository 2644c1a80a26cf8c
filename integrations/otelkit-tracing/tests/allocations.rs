//! What spans and events take from the heap beyond what the registry does.

use otel_runtime::{Config, install, traced};
use tracing::subscriber::with_default;
use tracing::{Subscriber, info, info_span};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

/// Listens to everything, and does nothing.
struct Idle;

impl<S: Subscriber> Layer<S> for Idle {}

/// The fewest allocations that 100 rounds in a row have made: while the thread's ring grows to what
/// it needs, some make more.
fn allocations(work: impl Fn()) -> u64 {
    let rounds = || {
        let before = otelkit_counted::allocations();
        (0..100).for_each(|_| work());
        otelkit_counted::allocations() - before
    };
    (0..50).map(|_| rounds()).min().unwrap_or_default()
}

#[test]
fn neither_spans_nor_events_allocate_on_the_thread_that_makes_them() {
    #[traced]
    fn ours(work: impl FnOnce()) {
        work();
    }
    let log = || {
        info!(order.id = 7, customer = "acme", rate = %0.5, "placed {}", 3);
    };
    let span = || {
        let theirs = info_span!(
            "theirs",
            order.id = 7,
            customer = "acme",
            late = tracing::field::Empty
        );
        theirs.in_scope(|| {
            log();
            ours(|| info_span!("below").in_scope(log));
        });
        theirs.record("late", 1);
    };
    let _telemetry = install(Config::new()).unwrap();
    let layer = otelkit_tracing::layer().with_span_events(true);
    let both = || {
        let _current = info_span!("current").entered();
        [allocations(log), allocations(span)]
    };
    let with_ours = with_default(registry().with(layer), both);
    let alone = otelkit_tracing::layer().with_span_events(true).alone();
    assert_eq!(with_default(alone, both), [0, 0]);
    let without = with_default(registry().with(Idle), || {
        [allocations(log), allocations(span)]
    });
    assert_eq!((with_ours[0], without[0]), (0, 0));
    assert_eq!(with_ours[1], without[1]);
}
