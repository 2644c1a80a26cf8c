//! What threads count, that come and go while others read, is what one thread would count.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use proptest::collection::vec;
use proptest::prelude::*;

use super::tests::{fresh, turned_on};
use super::*;

/// Whole numbers, which add up exactly, with a label.
type Values = Vec<(u32, bool)>;

/// Threads at the same time; those of a later generation take over what the earlier ones leave.
type Generations = Vec<Vec<Values>>;

fn generations() -> impl Strategy<Value = Generations> {
    let value = prop_oneof![4 => 0..100_u32, 1 => Just(0), 2 => any::<u32>()];
    vec(vec(vec((value, any::<bool>()), 0..60), 1..4), 1..4)
}

const BOUNDARIES: &[f64] = &[0.0, 10.0, 1000.0, 1e6];

/// One instrument of each kind, of names that no other case has.
struct Instruments {
    whole: &'static Counter<bool>,
    double: &'static Counter<bool, f64>,
    open: &'static UpDownCounter<bool>,
    explicit: &'static Histogram<bool>,
    exponential: &'static Histogram<bool>,
    names: [&'static str; 5],
    interval: Interval,
}

impl Instruments {
    fn new() -> Self {
        static CASES: AtomicU32 = AtomicU32::new(0);
        let case = CASES.fetch_add(1, Ordering::Relaxed);
        let names = ["whole", "double", "open", "explicit", "exponential"]
            .map(|kind| &*format!("test.threads.{kind}.{case}").leak());
        let keys = &["odd"];
        Self {
            whole: fresh(Counter::new(names[0], keys)),
            double: fresh(Counter::new(names[1], keys)),
            open: fresh(UpDownCounter::new(names[2], keys)),
            explicit: fresh(Histogram::new(names[3], keys).buckets(BOUNDARIES)),
            exponential: fresh(Histogram::new(names[4], keys)),
            names,
            interval: Interval::from_now(),
        }
    }

    fn count(&self, values: &Values) {
        for (value, label) in values {
            self.whole.add(u64::from(*value), *label);
            self.double.add(f64::from(*value), *label);
            self.open.add(-i64::from(*value), *label);
            self.explicit.record(*value, *label);
            self.exponential.record(*value, *label);
        }
    }

    /// Its own metrics, as they are now.
    fn read(&self) -> Metrics {
        let mut metrics = collect(self.interval);
        let is_own = |metric: &Metric| self.names.contains(&&*metric.name);
        metrics.list.retain(is_own);
        metrics
    }

    /// Counts it all, thread by thread, while another thread does this.
    fn count_beside(&self, generations: &Generations, mut work: impl FnMut(Metrics) + Send) {
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Acquire) {
                    work(self.read());
                }
                work(self.read());
            });
            for threads in generations {
                thread::scope(|scope| {
                    for values in threads {
                        scope.spawn(|| self.count(values));
                    }
                });
            }
            is_done.store(true, Ordering::Release);
        });
    }
}

/// What a series holds: how many values, if it says so, and their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Held {
    count: u64,
    sum: f64,
}

/// The series of a metric without the label and with it; nothing for one that is not shown.
fn held(metrics: &Metrics, name: &str) -> [Held; 2] {
    let mut held = [Held::default(); 2];
    let Some(metric) = metrics.metric(name) else {
        return held;
    };
    let mut put = |attributes: &Attributes, count, sum| {
        let is_odd = attributes[0].1 == AttributeValue::Bool(true);
        held[usize::from(is_odd)] = Held { count, sum };
    };
    match &metric.points {
        Points::Sum { points, .. } | Points::Gauge(points) => {
            for point in points {
                let sum = match point.value {
                    NumberValue::Int(sum) => sum as f64,
                    NumberValue::Double(sum) => sum,
                };
                put(&point.attributes, 0, sum);
            }
        }
        Points::Histogram { points, .. } => {
            (points.iter()).for_each(|point| put(&point.attributes, point.count(), point.sum))
        }
        Points::ExponentialHistogram { points, .. } => {
            (points.iter()).for_each(|point| put(&point.attributes, point.count(), point.sum))
        }
    }
    held
}

/// What one thread would have counted.
fn model(generations: &Generations) -> [Held; 2] {
    let mut model = [Held::default(); 2];
    for (value, label) in generations.iter().flatten().flatten() {
        let series = &mut model[usize::from(*label)];
        series.count += 1;
        series.sum += f64::from(*value);
    }
    model
}

fn sums(held: [Held; 2], factor: f64) -> [f64; 2] {
    held.map(|held| held.sum * factor)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sums_and_counts_are_those_of_one_thread_and_never_fall(generations in generations()) {
        turned_on(|| {
            let instruments = Instruments::new();
            let [whole, double, open, explicit, exponential] = instruments.names;
            let model = model(&generations);
            let mut last = Metrics::default();
            instruments.count_beside(&generations, |metrics| {
                for name in [whole, double, explicit, exponential] {
                    for (before, now) in held(&last, name).iter().zip(held(&metrics, name)) {
                        assert!(before.count <= now.count && before.sum <= now.sum, "{name}");
                    }
                }
                last = metrics;
            });
            assert_eq!(held(&last, explicit), model);
            assert_eq!(held(&last, exponential), model);
            assert_eq!(sums(held(&last, whole), 1.0), sums(model, 1.0));
            assert_eq!(sums(held(&last, double), 1.0), sums(model, 1.0));
            assert_eq!(sums(held(&last, open), 1.0), sums(model, -1.0));
        });
    }

    #[test]
    fn what_was_counted_since_each_reading_adds_up(generations in generations()) {
        turned_on(|| {
            let instruments = Instruments::new();
            let [whole, double, _, explicit, exponential] = instruments.names;
            let model = model(&generations);
            let mut deltas = Deltas::default();
            let mut all = [[Held::default(); 2]; 4];
            instruments.count_beside(&generations, |metrics| {
                let since = deltas.take(&metrics);
                for (all, name) in all.iter_mut().zip([whole, double, explicit, exponential]) {
                    for (all, more) in all.iter_mut().zip(held(&since, name)) {
                        assert!(more.sum >= 0.0, "{name}");
                        all.count += more.count;
                        all.sum += more.sum;
                    }
                }
            });
            let [whole, double, explicit, exponential] = all;
            assert_eq!(explicit, model);
            assert_eq!(exponential, model);
            assert_eq!(sums(whole, 1.0), sums(model, 1.0));
            assert_eq!(sums(double, 1.0), sums(model, 1.0));
        });
    }
}
