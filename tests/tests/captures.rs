//! Captures of one test do not see the spans of another.

use otel_runtime::testing::Capture;
use otel_runtime::traced;

#[traced]
fn work() {}

#[test]
fn spans_of_a_capture_that_was_dropped_reach_no_later_one() {
    for _ in 0..100 {
        let dropped = Capture::start();
        work();
        drop(dropped);
        let next = Capture::start();
        assert!(next.spans().is_empty(), "{}", next.spans());
    }
}
