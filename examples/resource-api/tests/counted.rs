//! What every operation counts, whatever is done in whatever order: its time, how it ended, the
//! resources there are, and what went with a deleted one. Nothing else moves.

mod support;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use otel_runtime::metric::{AttributeValue, Attributes, Metric, Metrics, NumberValue, Points};
use otel_runtime::{Classify as _, Config, Telemetry, install};
use proptest::prelude::*;
use resource_api::service::{Resources, ServiceError};
use resource_api::storage::Storage;
use support::{Done, Operation, describe, new, operation};

/// A metric, and the attributes of a series of it, by key.
type Series = (String, BTreeMap<String, String>);

/// The runtime of all tests, for one at a time: what others count would be seen.
fn telemetry() -> (MutexGuard<'static, ()>, &'static Telemetry) {
    static ONE: Mutex<()> = Mutex::new(());
    static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();
    let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let telemetry = TELEMETRY.get_or_init(|| install(Config::new()).expect("the only one"));
    (one, telemetry)
}

/// How far each series has come that has moved at all: a sum, or how many values there are; and the
/// sum of those.
#[derive(Clone, Debug, Default)]
struct Reading(BTreeMap<Series, (i64, f64)>);

impl Reading {
    fn new(metrics: &Metrics) -> Self {
        let mut read = BTreeMap::new();
        // the runtime and the process have numbers of their own
        let ours = |metric: &&Metric| metric.scope.name == env!("CARGO_PKG_NAME");
        for metric in metrics.list.iter().filter(ours) {
            let mut keep = |attributes: &Attributes, count, sum| {
                if count == 0 {
                    return;
                }
                let known = read.insert((metric.name.to_string(), texts(attributes)), (count, sum));
                assert!(known.is_none(), "{attributes:?} twice in {}", metric.name);
            };
            match &metric.points {
                Points::Sum { points, .. } => points.iter().for_each(|it| match it.value {
                    NumberValue::Int(sum) => keep(&it.attributes, sum, 0.0),
                    NumberValue::Double(_) => panic!("{it:?}"),
                }),
                Points::ExponentialHistogram { points, .. } => points.iter().for_each(|it| {
                    keep(&it.attributes, it.count().cast_signed(), it.sum);
                }),
                Points::Gauge(_) | Points::Histogram { .. } => panic!("{metric:?}"),
            }
        }
        Self(read)
    }

    /// What has been counted since.
    fn since(&self, before: &Self) -> Self {
        let mut moved = self.clone();
        for (series, (count_before, sum_before)) in &before.0 {
            // a sum that has come back to zero
            let (count, sum) = moved.0.entry(series.clone()).or_default();
            *count -= count_before;
            *sum -= sum_before;
        }
        moved.0.retain(|_, (count, _)| *count != 0);
        moved
    }

    /// The series of a metric, and how far each has come.
    fn of(&self, metric: &str) -> Vec<(&BTreeMap<String, String>, i64, f64)> {
        let series = self.0.iter().filter(|((name, _), _)| name == metric);
        series
            .map(|((_, attributes), (count, sum))| (attributes, *count, *sum))
            .collect()
    }

    /// The one series of a metric without labels; zero if it has not moved.
    fn total(&self, metric: &str) -> (i64, f64) {
        match self.of(metric)[..] {
            [] => (0, 0.0),
            [(_, count, sum)] => (count, sum),
            ref more => panic!("{more:?}"),
        }
    }
}

fn texts(attributes: &Attributes) -> BTreeMap<String, String> {
    let text = |value: &AttributeValue| match value {
        AttributeValue::Bool(value) => value.to_string(),
        AttributeValue::Int(value) => value.to_string(),
        AttributeValue::Str(text) => text.to_string(),
    };
    let texts = attributes.iter();
    texts
        .map(|(key, value)| (key.to_string(), text(value)))
        .collect()
}

/// One operation, and what was counted meanwhile.
struct Step<'a> {
    operation: &'a Operation,
    outcome: Result<Done, ServiceError>,
    elapsed: Duration,
    counted: Reading,
    /// Since before the database was opened.
    counted_in_all: Reading,
    /// How many resources the database holds, asked of itself.
    stored: i64,
}

impl Step<'_> {
    /// The calls that it consists of, each as the attributes that say how it ended.
    fn calls(&self) -> Vec<BTreeMap<String, String>> {
        let mut calls = vec![self.call(self.operation.name())];
        let looks_first = matches!(
            self.operation,
            Operation::Dependencies { .. } | Operation::Dependents { .. }
        );
        // what is looked up first exists, unless it is what the whole fails for
        calls.extend(looks_first.then(|| self.call("Resources::get")));
        calls.sort();
        calls
    }

    fn call(&self, function: &str) -> BTreeMap<String, String> {
        let mut attributes = vec![("code.function.name", function.to_owned())];
        if function == "Resources::create" {
            attributes.push(("resource.origin", "user".to_owned()));
        }
        match &self.outcome {
            Ok(_) => attributes.push(("otelkit.outcome", "ok".to_owned())),
            Err(error) => {
                let meaning = error.classify();
                attributes.push(("otelkit.outcome", "error".to_owned()));
                attributes.push(("error.type", meaning.code.to_string()));
                attributes.push(("otelkit.error.class", meaning.class.as_str().to_owned()));
            }
        }
        let owned = attributes.into_iter();
        owned.map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

/// Carries the operations out on a database of their own, and looks at each.
fn each(
    operations: &[Operation],
    check: impl Fn(&Step<'_>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let (_one, telemetry) = telemetry();
    let read = || Reading::new(&telemetry.metrics());
    support::block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let first = read();
        let storage = Storage::open(&directory.path().join("test.db").into())
            .await
            .unwrap();
        let resources = Resources::new(storage.clone());
        let mut before = read();
        for operation in operations {
            let start = Instant::now();
            let outcome = operation.carry_out(&resources).await;
            let elapsed = start.elapsed();
            let after = read();
            let stored = storage.count().await.unwrap();
            check(&Step {
                operation,
                outcome,
                elapsed,
                counted: after.since(&before),
                counted_in_all: after.since(&first),
                stored,
            })?;
            before = after;
        }
        storage.close().await;
        Ok(())
    })
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(operation(), 1..16)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_operation_is_timed_once(operations in operations()) {
        each(&operations, |step| {
            let durations = step.counted.of("function.duration");
            let calls: Vec<_> = durations.iter().map(|(attributes, ..)| (*attributes).clone()).collect();
            prop_assert_eq!(calls, step.calls());
            for (_, count, seconds) in durations {
                prop_assert_eq!(count, 1);
                // another clock, and perhaps not quite as fast
                let longest = step.elapsed.as_secs_f64() * 2.0;
                prop_assert!(seconds > 0.0 && seconds <= longest, "{} of {}", seconds, longest);
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_success_is_counted_as_one(operations in operations()) {
        each(&operations, |step| {
            let calls = step.counted.of("function.calls");
            let successes = calls.iter().filter(|(it, ..)| it["otelkit.outcome"] == "ok");
            let expected = if step.outcome.is_ok() { step.calls().len() } else { 0 };
            prop_assert_eq!(successes.map(|(_, count, _)| *count as usize).sum::<usize>(), expected);
            Ok(())
        })?;
    }

    #[test]
    fn a_failure_is_counted_with_what_it_means(operations in operations()) {
        each(&operations, |step| {
            let calls = step.counted.of("function.calls");
            let failures: Vec<_> = calls.iter().filter(|(it, ..)| it["otelkit.outcome"] != "ok").collect();
            let expected = if step.outcome.is_err() { step.calls().len() } else { 0 };
            prop_assert_eq!(failures.len(), expected);
            if let Err(error) = &step.outcome {
                let meaning = error.classify();
                for (attributes, count, _) in failures {
                    prop_assert_eq!(*count, 1);
                    prop_assert_eq!(&*attributes["otelkit.outcome"], "error");
                    prop_assert_eq!(&attributes["error.type"], &meaning.code);
                    prop_assert_eq!(&*attributes["otelkit.error.class"], meaning.class.as_str());
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn labels_are_complete_and_no_other_series_moves(operations in operations()) {
        each(&operations, |step| {
            let mut expected: Vec<Series> = Vec::new();
            for metric in ["function.calls", "function.duration"] {
                expected.extend(step.calls().into_iter().map(|call| (metric.to_owned(), call)));
            }
            let of_function = || {
                let name = step.operation.name().to_owned();
                BTreeMap::from([("code.function.name".to_owned(), name)])
            };
            match (&step.operation, &step.outcome) {
                (_, Ok(Done::Created(_))) => expected.push(("resource.stored".into(), BTreeMap::new())),
                (_, Ok(Done::Deleted(_))) => {
                    expected.push(("resource.cascade.size".into(), of_function()));
                    expected.push(("resource.stored".into(), BTreeMap::new()));
                }
                (Operation::Search { .. }, Ok(_)) => {
                    expected.push(("resource.search.results".into(), of_function()));
                }
                _ => {}
            }
            expected.sort();
            let moved: Vec<Series> = step.counted.0.keys().cloned().collect();
            prop_assert_eq!(moved, expected);
            Ok(())
        })?;
    }

    #[test]
    fn the_number_of_resources_is_that_of_the_database(operations in operations()) {
        each(&operations, |step| {
            prop_assert_eq!(step.counted_in_all.total("resource.stored").0, step.stored);
            Ok(())
        })?;
    }

    #[test]
    fn a_cascade_is_counted_with_its_size(operations in operations()) {
        each(&operations, |step| {
            let expected = match step.outcome {
                Ok(Done::Deleted(others)) => (1, others as f64),
                _ => (0, 0.0),
            };
            let (count, sum) = step.counted.total("resource.cascade.size");
            prop_assert_eq!((count, sum.round()), expected);
            let searched = match (&step.operation, &step.outcome) {
                (Operation::Search { .. }, Ok(Done::Found(found))) => (1, *found as f64),
                _ => (0, 0.0),
            };
            let (count, sum) = step.counted.total("resource.search.results");
            prop_assert_eq!((count, sum.round()), searched);
            Ok(())
        })?;
    }
}

#[test]
fn a_cascade_takes_as_many_resources_away_as_it_tells() {
    let (_one, telemetry) = telemetry();
    let read = || Reading::new(&telemetry.metrics());
    support::block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let storage = Storage::open(&directory.path().join("test.db").into())
            .await
            .unwrap();
        let resources = Resources::new(storage);
        let base = resources.create(new("a", &[])).await.unwrap().id;
        let next = resources.create(new("b", &[base])).await.unwrap().id;
        resources.create(new("c", &[base, next])).await.unwrap();
        resources.create(new("d", &[])).await.unwrap();
        let before = read();
        let delete = Operation::Delete {
            id: base.0,
            everything: true,
        };
        delete.carry_out(&resources).await.unwrap();
        let counted = read().since(&before);
        assert_eq!(counted.total("resource.stored").0, -3);
        assert_eq!(counted.total("resource.cascade.size"), (1, 2.0));
    });
}

#[test]
fn what_is_rolled_back_is_not_counted() {
    let (_one, telemetry) = telemetry();
    support::block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let storage = Storage::open(&directory.path().join("test.db").into())
            .await
            .unwrap();
        let before = Reading::new(&telemetry.metrics());
        let origin = resource_api::model::Origin::User;
        let mut transaction = storage.begin().await.unwrap();
        for name in ["a", "b"] {
            let description = describe(name);
            let inserted = transaction.insert_resource(&description, origin).await;
            inserted.unwrap();
        }
        drop(transaction);
        let mut transaction = storage.begin().await.unwrap();
        let id = transaction.insert_resource(&describe("c"), origin).await;
        transaction.delete_resources(&[id.unwrap()]).await.unwrap();
        transaction.commit().await.unwrap();
        let counted = Reading::new(&telemetry.metrics()).since(&before);
        assert_eq!(counted.total("resource.stored").0, 0);
        assert_eq!(storage.count().await.unwrap(), 0);
    });
}
