//! Other annotations on the same function, or around it.

use std::time::Duration;

use otel_runtime::metric::Points;
use otel_runtime::testing::Capture;
use otel_runtime::{db_query, metered, traced};
use otelkit_tests::calls::Counted;
use otelkit_tests::durations;

use crate::DURATION;
use crate::shop::{attributes, run};

mod calls {
    #![deny(unused_imports)]
    use otel_runtime::{db_query, metered, traced};

    #[traced(name = "load user", fields(user = id))]
    #[db_query("SELECT name FROM users WHERE id = $1", system = "postgresql")]
    #[metered(labels(even = id.is_multiple_of(2)))]
    pub(super) fn first(id: u32) -> u32 {
        id + QUERY.len() as u32
    }

    #[metered]
    #[traced(fields(user = id))]
    #[db_query("SELECT name FROM users WHERE id = $1", system = "postgresql")]
    pub(super) async fn last(id: u32) -> Result<u32, std::num::ParseIntError> {
        "x".parse()
    }

    #[db_query("DELETE FROM users", system = "postgresql")]
    #[traced(skip)]
    pub(super) fn unseen() {}
}

#[test]
fn stacked_with_other_annotations_it_is_one_span_and_one_measurement() {
    let counted = Counted::during(|| {
        let _ = calls::first(1);
        assert!(run(calls::last(1)).is_err());
        calls::unseen();
    });
    let names: Vec<_> = counted.spans.iter().map(|span| &*span.name).collect();
    assert_eq!(names, ["load user", "SELECT users"]);
    assert!(attributes(&counted.spans[0]).contains(&"user=1".to_owned()));
    let series = counted.counted("function.calls", "first");
    assert_eq!(series, [("even=false outcome=ok".to_owned(), 1)]);
    let read = "db.system.name=postgresql db.operation.name=SELECT db.collection.name=users db.query.summary=SELECT users";
    let of_error = "error.type=ParseIntError";
    let asked = durations::of(&counted.metrics, DURATION);
    assert_eq!(
        asked,
        [
            ("db.system.name=postgresql db.operation.name=DELETE db.collection.name=users db.query.summary=DELETE users".to_owned(), 1),
            (read.to_owned(), 1),
            (format!("{read} {of_error}"), 1),
        ]
    );
    // One pair of looks at the clock.
    let span = &counted.spans[0];
    let seconds = Duration::from_nanos(span.end_unix_ns - span.start_unix_ns).as_secs_f64();
    let Points::Histogram { points, .. } = &counted.metrics.metric(DURATION).unwrap().points else {
        panic!("it has boundaries")
    };
    let sums: Vec<f64> = points.iter().map(|point| point.sum).collect();
    let is_same = |sum: &f64| (sum - seconds).abs() < 2e-9;
    assert!(sums.iter().any(is_same), "{seconds} is none of {sums:?}");
}

mod block {
    use super::*;

    pub(super) struct Users;

    #[traced(level = debug)]
    #[metered]
    impl Users {
        #[db_query("SELECT name FROM users", system = "sqlite")]
        pub(super) fn names(&self) {}
    }
}

#[test]
fn in_an_annotated_block_a_query_is_named_by_its_statement() {
    let counted = Counted::during(|| block::Users.names());
    let capture = Capture::start();
    block::Users.names();
    capture.finish().assert_tree(
        "SELECT users db.system.name=sqlite db.operation.name=SELECT db.collection.name=users db.query.summary=SELECT users db.query.text=SELECT name FROM users",
    );
    let series = counted.series("function.calls", "Users::names");
    assert!(series.iter().any(|(_, calls)| *calls == 1), "{series:?}");
}
