//! What gives metrics and is no instrument: it is asked whenever somebody reads.
//!
//! The runtime's own sources are quick and do not fail: whoever reads calls
//! them. Those of the program may do anything, so they run in [rounds] on
//! threads of their own, and a reader waits for them only so long.
//!
//! [rounds]: super::rounds

use std::fmt;
use std::sync::Arc;

use super::conflict;
use super::data::Metric;
use super::rounds;
use super::spec::Spec;

/// Gives metrics whenever somebody reads them; for numbers whose attributes are only known at run
/// time, or that another library counts. For others there are
/// [`ObservableGauge`](super::ObservableGauge) and the like.
///
/// ```
/// use otel_runtime::metric::{self, Metric, MetricScope, NumberPoint, NumberValue, Points, Source};
///
/// struct Pools(Vec<(String, i64)>);
///
/// impl Source for Pools {
///     fn metrics(&self, give: &mut dyn FnMut(Metric)) {
///         let point = |(name, size): &(String, i64)| NumberPoint {
///             attributes: vec![("pool".into(), name.clone().into())],
///             start_unix_ns: 0,
///             unix_ns: 0,
///             value: NumberValue::Int(*size),
///             exemplars: Vec::new(),
///         };
///         give(Metric {
///             name: "pool.size".into(),
///             unit: "{connection}".into(),
///             description: "".into(),
///             scope: MetricScope::default(),
///             points: Points::Gauge(self.0.iter().map(point).collect()),
///         });
///     }
/// }
///
/// let attached = metric::attach(Pools(vec![("orders".to_owned(), 8)]));
/// # drop(attached);
/// ```
pub trait Source: Send + Sync {
    /// Gives every metric it has.
    ///
    /// Called on a thread of the runtime's own, on which spans are not recorded, once for each
    /// reading. It may count, observe, attach and detach. What takes longer than
    /// [`Config::observation_timeout`](crate::Config::observation_timeout), a second, is left out of
    /// that reading, and is not asked again until it is done; after a panic it is not asked
    /// any more. Both are told, and counted in
    /// [`Stats::missed_observations`](crate::Stats::missed_observations).
    ///
    /// A metric that cannot be is refused, told once, and counted there as well: its points are
    /// deltas; a histogram has boundaries that do not rise, or not one bucket more than boundaries;
    /// exponential buckets are of a scale beyond -10 to 20, or of values that no number has.
    ///
    /// Times that are zero are filled in: the moment of the reading, and for sums and histograms
    /// that of the installation as their start.
    fn metrics(&self, give: &mut dyn FnMut(Metric));
}

/// Asks `source` for its metrics from now on, whenever somebody reads; until what is returned is
/// dropped.
///
/// Nobody reads while no runtime is installed. In a forked child nothing is attached.
pub fn attach(source: impl Source + 'static) -> Attached {
    let name = std::any::type_name_of_val(&source);
    Attached(rounds::add(name, false, None, Arc::new(source)))
}

/// The same for a source of the runtime's own, which neither waits nor panics.
pub(crate) fn attach_own(source: impl Source + 'static) -> Attached {
    Attached(rounds::add("", true, None, Arc::new(source)))
}

/// The same for what observes an instrument.
pub(super) fn attach_observing(spec: &'static Spec, source: impl Source + 'static) -> Attached {
    conflict::tell_of_late(spec);
    Attached(rounds::add(spec.name, false, Some(spec), Arc::new(source)))
}

/// A source is asked until this is dropped. Where it is being asked at that moment, it may still
/// be for a while.
#[must_use = "the source is asked only until this is dropped; `forever` keeps it"]
pub struct Attached(u64);

impl Attached {
    /// Has the source asked until the program ends.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        rounds::remove(self.0);
    }
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached").finish_non_exhaustive()
    }
}
