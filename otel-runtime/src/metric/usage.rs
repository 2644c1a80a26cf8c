//! How many series there are, and how many values found none.

use std::collections::BTreeMap;
use std::panic::Location;

use super::instrument::instruments;
use super::points;
use super::rounds;

/// How many series one instrument has.
///
/// Instruments of one name are one metric; each has an entry of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeriesUse {
    /// The name of the metric.
    pub metric: &'static str,
    /// The function that it is about, if it is about one.
    pub function: Option<&'static str>,
    /// Where it is declared.
    pub place: &'static Location<'static>,
    /// How many series there are at the moment, but for that of values that found no other.
    pub series: usize,
    /// How many there can be.
    pub most_series: usize,
    /// How many values found no series of their own, since all were taken.
    pub overflowed_values: u64,
}

/// How many series each instrument has, and how many values found none: the first ones to look at
/// when a metric has become too large, or a label's `max` too small.
///
/// ```
/// use otel_runtime::metric::{Counter, Open, series_use};
///
/// static ORDERS: Counter<Open<100>> = Counter::new("shop.orders", &["tenant"]);
///
/// ORDERS.add(1, "acme");
/// # ORDERS.instrument().register();
/// let all = series_use();
/// let orders = all.iter().find(|of| of.metric == "shop.orders").unwrap();
/// assert_eq!((orders.most_series, orders.overflowed_values), (101, 0));
/// ```
///
/// # Cost
/// Reads every instrument that has open labels, as an exporter does.
#[must_use]
pub fn series_use() -> Vec<SeriesUse> {
    let mut all: Vec<_> = instruments()
        .map(|instrument| {
            let spec = instrument.spec();
            let (series, overflowed_values) = points::used(instrument);
            SeriesUse {
                metric: spec.name,
                function: spec.calls.as_ref().map(|calls| calls.site.function()),
                place: spec.place,
                series,
                most_series: spec.most_series(),
                overflowed_values,
            }
        })
        .collect();
    all.reverse();
    all
}

/// For each metric, how many values found no series of their own; those with none left out.
pub(crate) fn overflows() -> BTreeMap<&'static str, u64> {
    let mut by_name = BTreeMap::new();
    for instrument in instruments().filter(|it| it.interner().is_some()) {
        let (_, values) = instrument.read_overflow();
        if values > 0 {
            *by_name.entry(instrument.spec().name).or_insert(0) += values;
        }
    }
    by_name
}

/// Whether there is any metric besides those of the source that asks.
pub(crate) fn are_others() -> bool {
    instruments().next().is_some() || rounds::count() > 1
}
