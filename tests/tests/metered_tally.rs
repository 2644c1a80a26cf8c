//! Calls by many threads, against a plain tally of them.

use std::collections::BTreeMap;
use std::thread;

use otel_runtime::__private::{ANY_ERROR, LabelShape, labels_index};
use otel_runtime::Sampler;
use otel_runtime::metric::{AttributeValue, Metrics};
use otelkit_tests::declare_metered;
use otelkit_tests::declared::{CODES, Ends, call, counts, exported, in_flight, text};
use proptest::prelude::*;

declare_metered!(by_many, [.metered()], [
    .labels(&["gift"], LabelShape::of(&|(gift,): (bool,)| (gift,)))
    .errors(CODES, ANY_ERROR)
    .in_flight("by_many.in_flight")
]);

/// How often a label, an outcome and an error type come together.
type Tally = BTreeMap<(bool, String, Option<String>), u64>;

fn tally_of(metrics: &Metrics, name: &str) -> Tally {
    let counts = counts(metrics.metric(name).unwrap(), "by_many");
    let counts = counts.into_iter().filter(|(_, count)| *count != 0);
    counts
        .map(|(attributes, count)| {
            let gift = attributes.contains(&("gift".into(), AttributeValue::Bool(true)));
            let outcome = text(&attributes, "otelkit.outcome").unwrap().to_owned();
            let error = text(&attributes, "error.type").map(str::to_owned);
            ((gift, outcome, error), count)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_call_is_lost_or_counted_twice_whoever_makes_it(
        threads in prop::collection::vec(
            prop::collection::vec((any::<bool>(), prop::sample::select(&Ends::ALL[..])), 0..40),
            1..5,
        ),
    ) {
        let (metrics, _) = exported(Sampler::AlwaysOn, || {});
        let mut expected = tally_of(&metrics, "function.calls");
        let (metrics, _) = exported(Sampler::AlwaysOn, || {
            thread::scope(|scope| {
                for calls in &threads {
                    scope.spawn(move || {
                        for (gift, ends) in calls {
                            let labels = labels_index(&(*gift,));
                            call(&by_many::SITE, &by_many::CALLS, labels, *ends);
                        }
                    });
                }
            });
        });
        for (gift, ends) in threads.iter().flatten() {
            let (outcome, error) = ends.counted_as();
            let key = (*gift, outcome.to_owned(), error.map(str::to_owned));
            *expected.entry(key).or_default() += 1;
        }
        prop_assert_eq!(&tally_of(&metrics, "function.calls"), &expected);
        prop_assert_eq!(&tally_of(&metrics, "function.duration"), &expected);
        prop_assert_eq!(in_flight(&metrics, "by_many.in_flight"), 0);
    }
}
