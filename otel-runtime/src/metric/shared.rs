//! Labels that several instruments have, looked up once for all of them.

use std::marker::PhantomData;

use super::instrument::{self, Instrument};
use super::labels::{Labels, Values};
use super::open::{Interner, Series};
use super::statics::{Counter, Histogram, Measure, UpDownCounter};
use crate::thread;

/// The labels of several instruments, each of which gets a value when the others do: their values
/// are looked up once. They also share the places for [`Open`](super::Open) ones, so that the same
/// values are told apart in all of them.
///
/// ```
/// use std::time::Duration;
/// use otel_runtime::metric::{Histogram, Open, SharedLabels};
///
/// static TENANTS: SharedLabels<Open<100>> = SharedLabels::new();
/// static TIMES: Histogram<Open<100>> =
///     Histogram::new("upload.duration", &["tenant"]).unit("s").sharing(&TENANTS);
/// static SIZES: Histogram<Open<100>> =
///     Histogram::new("upload.size", &["tenant"]).unit("By").sharing(&TENANTS);
///
/// let acme = TENANTS.find("acme");
/// TIMES.record_in(Duration::from_millis(3), acme);
/// SIZES.record_in(20_000, acme);
/// ```
///
/// # Cost
/// Finding a series costs what it does in an instrument, see [`Open`](super::Open); counting in it,
/// about what counting with known labels does.
#[derive(Debug)]
pub struct SharedLabels<L> {
    interner: Interner,
    of: PhantomData<fn(L)>,
}

/// The series of the same labels in all instruments that share them.
///
/// It may be kept while a runtime is installed; one that was found before, or before a fork, is that
/// of what has no place. If its values are not used for so long that they lose their places, what is
/// counted in it goes there as well.
#[derive(Debug)]
pub struct SharedSeries<L> {
    series: Series,
    of: PhantomData<fn(L)>,
}

/// What was added to a sum, to be taken back when this is dropped; see [`UpDownCounter::hold`].
#[derive(Debug)]
#[must_use = "what was added is taken back when this is dropped"]
pub struct Holding {
    /// `None`: nothing was added.
    instrument: Option<&'static Instrument>,
    series: Series,
    by: u64,
    /// After how many forks it was added: a child takes nothing back that its parent has added.
    forks: u32,
}

impl<L: Labels> SharedLabels<L> {
    /// Of instruments that are yet to be declared, with [`Histogram::sharing`] and the like.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            interner: Interner::with_places(if L::OPEN == 0 { 0 } else { L::PLACES }),
            of: PhantomData,
        }
    }

    /// The series of these values. While nothing is counted, no place is given to any.
    #[inline]
    pub fn find(&'static self, labels: L::Given<'_>) -> SharedSeries<L> {
        let index = L::index(&labels);
        let series = if L::OPEN == 0 {
            Series::known(index)
        } else if instrument::is_on() {
            let mut values = Values::new();
            L::values(&labels, &mut values);
            self.interner.series(index, values.all())
        } else {
            Series::OVERFLOW
        };
        SharedSeries {
            series,
            of: PhantomData,
        }
    }
}

impl<L: Labels> Default for SharedLabels<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L> Clone for SharedSeries<L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L> Copy for SharedSeries<L> {}

macro_rules! sharing {
    ($instrument:ident<L $(, $number:ty)?>) => {
        impl<L: Labels> $instrument<L $(, $number)?> {
            /// The same, with labels that are looked up together with those of others; see
            /// [`SharedLabels`].
            #[must_use]
            pub const fn sharing(mut self, labels: &'static SharedLabels<L>) -> Self {
                if L::OPEN > 0 {
                    self.instrument.share(&[], &labels.interner);
                }
                self
            }
        }
    };
}

sharing!(Counter<L, u64>);
sharing!(UpDownCounter<L, i64>);
sharing!(Histogram<L>);

impl<L: Labels> Counter<L, u64> {
    /// Adds to a series that was found in the [shared labels](Self::sharing).
    #[inline]
    pub fn add_in(&'static self, by: u64, series: SharedSeries<L>) {
        self.instrument.raise_int_to(series.series, by);
    }
}

impl<L: Labels> Histogram<L> {
    /// Counts a value in a series that was found in the [shared labels](Self::sharing).
    #[inline]
    pub fn record_in(&'static self, value: impl Measure, series: SharedSeries<L>) {
        self.instrument.record_to(series.series, value.value());
    }
}

impl<L: Labels> UpDownCounter<L, i64> {
    /// Adds to a series that was found in the [shared labels](Self::sharing).
    #[inline]
    pub fn add_in(&'static self, by: i64, series: SharedSeries<L>) {
        self.instrument
            .add_int_to(series.series, by.cast_unsigned());
    }

    /// Adds to the series of these labels until what is returned is dropped, on whatever thread.
    ///
    /// It is taken back in any case, also when the runtime has been shut down since, so that the sum
    /// is right when another one is installed.
    ///
    /// ```
    /// use otel_runtime::metric::{Open, UpDownCounter};
    ///
    /// static RUNNING: UpDownCounter<Open<50>> =
    ///     UpDownCounter::new("job.running", &["queue"]).unit("{job}");
    ///
    /// let running = RUNNING.hold(1, "mail");
    /// // .. the job runs ..
    /// drop(running);
    /// ```
    #[inline]
    pub fn hold(&'static self, by: i64, labels: L::Given<'_>) -> Holding {
        let by = by.cast_unsigned();
        let mut holding = Holding {
            instrument: None,
            series: Series::OVERFLOW,
            by,
            forks: instrument::forks(),
        };
        if self.instrument.is_wanted() {
            // It may no longer be wanted now, and what was not added is not taken back.
            let has_added = if L::OPEN == 0 {
                let index = L::index(&labels);
                holding.series = Series::known(index);
                self.instrument.add_int(index, by)
            } else {
                holding.series = self.instrument.series::<L>(&labels);
                self.instrument.add_open_int(holding.series, by)
            };
            holding.instrument = has_added.then_some(&self.instrument);
        }
        holding
    }
}

impl Drop for Holding {
    #[inline]
    fn drop(&mut self) {
        if let Some(instrument) = self.instrument
            && self.forks == instrument::forks()
        {
            take_back(instrument, self.series, self.by);
        }
    }
}

fn take_back(instrument: &'static Instrument, series: Series, by: u64) {
    if series.is_open() {
        instrument.take_back_open_int(series, by);
    } else {
        let by = by.wrapping_neg();
        thread::with(|local| instrument.add_int_in_any_case(local, series.number(), by));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::thread;

    use super::super::collect::Interval;
    use super::super::data::{AttributeValue, NumberValue, Points};
    use super::super::points;
    use super::super::tests::{fresh, turned_on};
    use super::super::{Open, turn_all};
    use super::*;

    type Mixed = (bool, Open<2>);

    const KEYS: &[&str] = &["gift", "tenant"];

    /// The attributes of each series, and the sum of its values.
    fn series_of(instrument: &'static Instrument) -> Vec<(String, i64)> {
        let shown = |attributes: &[(_, AttributeValue)]| {
            let shown = attributes
                .iter()
                .map(|(key, value)| format!("{key}={value:?}"));
            shown.collect::<Vec<_>>().join(" ")
        };
        let mut all: Vec<_> = match points::points_of(instrument, Interval::from_now()) {
            Points::Sum { points, .. } => points
                .iter()
                .map(|point| match point.value {
                    NumberValue::Int(value) => (shown(&point.attributes), value),
                    NumberValue::Double(value) => (shown(&point.attributes), value as i64),
                })
                .collect(),
            Points::ExponentialHistogram { points, .. } => points
                .iter()
                .map(|point| (shown(&point.attributes), point.sum as i64))
                .collect(),
            other => panic!("{other:?}"),
        };
        all.sort();
        all
    }

    fn of(gift: bool, tenant: &str, value: i64) -> (String, i64) {
        (format!("gift=Bool({gift}) tenant=Str({tenant:?})"), value)
    }

    #[test]
    fn what_is_found_once_is_a_series_of_each_instrument_and_the_cap_is_that_of_all() {
        static SHARED: SharedLabels<Mixed> = SharedLabels::new();
        turned_on(|| {
            let orders = fresh(Counter::new("test.shared.orders", KEYS).sharing(&SHARED));
            let sizes = fresh(Histogram::new("test.shared.sizes", KEYS).sharing(&SHARED));
            let stock = fresh(UpDownCounter::new("test.shared.stock", KEYS).sharing(&SHARED));
            for (gift, tenant, by) in [(true, "a", 1), (false, "a", 2), (true, "b", 3)] {
                let found = SHARED.find((gift, tenant));
                orders.add_in(by, found);
                sizes.record_in(by, found);
                stock.add_in(-1, found);
            }
            // Whoever looks up by itself finds the same.
            orders.add(10, (true, "b"));
            // There is no third place, in none of them.
            sizes.record(5, (true, "c"));
            let overflow = |value| ("otel.metric.overflow=Bool(true)".to_owned(), value);
            assert_eq!(
                series_of(orders.instrument()),
                [of(false, "a", 2), of(true, "a", 1), of(true, "b", 13)]
            );
            assert_eq!(
                series_of(sizes.instrument()),
                [
                    of(false, "a", 2),
                    of(true, "a", 1),
                    of(true, "b", 3),
                    overflow(5)
                ]
            );
            assert_eq!(
                series_of(stock.instrument()),
                [of(false, "a", -1), of(true, "a", -1), of(true, "b", -1)]
            );
        });
    }

    #[test]
    fn labels_whose_values_are_known_are_shared_as_well() {
        static SHARED: SharedLabels<bool> = SharedLabels::new();
        turned_on(|| {
            let orders = fresh(Counter::new("test.shared.known", &["gift"]).sharing(&SHARED));
            orders.add_in(4, SHARED.find(true));
            let gift = |gift, value| (format!("gift=Bool({gift})"), value);
            assert_eq!(
                series_of(orders.instrument()),
                [gift(false, 0), gift(true, 4)]
            );
        });
    }

    #[test]
    fn what_is_held_is_taken_back_wherever_it_is_dropped_and_even_if_nothing_is_counted() {
        turned_on(|| {
            let open = fresh(UpDownCounter::<Open<4>>::new(
                "test.shared.held",
                &["tenant"],
            ));
            let known = fresh(UpDownCounter::<bool>::new(
                "test.shared.held_known",
                &["gift"],
            ));
            let held = (open.hold(2, "a"), known.hold(3, true));
            let tenant = |value| [("tenant=Str(\"a\")".to_owned(), value)];
            let gifts = || series_of(known.instrument()).pop().map(|(_, sum)| sum);
            assert_eq!(series_of(open.instrument()), tenant(2));
            assert_eq!(gifts(), Some(3));
            turn_all(false);
            let ignored = (open.hold(7, "a"), known.hold(7, true));
            thread::spawn(move || drop(held)).join().unwrap();
            turn_all(true);
            drop(ignored);
            assert_eq!(series_of(open.instrument()), tenant(0));
            assert_eq!(gifts(), Some(0));
        });
    }
}
