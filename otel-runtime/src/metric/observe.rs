//! Instruments whose values are looked up when somebody reads them.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Mutex;

use super::data::{Metric, MetricScope, NumberPoint, Points, Temporality};
use super::known::Known;
use super::labels::Labels;
use super::points::{attributes_of, number};
use super::source::{self, Attached, Source};
use super::spec::{Kind, MOST_SERIES, Spec, check_keys, check_name, check_series, check_unit};
use super::statics::Amount;

/// A sum that never falls and that something else keeps.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use otel_runtime::metric::ObservableCounter;
///
/// static READ: AtomicU64 = AtomicU64::new(0);
/// static BYTES: ObservableCounter = ObservableCounter::new("cache.read", &[]).unit("By");
///
/// let observed = BYTES.observe(|bytes| bytes.set(READ.load(Ordering::Relaxed), ()));
/// # drop(observed);
/// ```
///
/// Costs nothing while nobody reads.
#[derive(Debug)]
pub struct ObservableCounter<L = (), N = u64> {
    spec: Spec,
    of: PhantomData<fn(L, N)>,
}

/// A sum that rises and falls and that something else keeps.
///
/// ```
/// use otel_runtime::metric::ObservableUpDownCounter;
///
/// static CONNECTIONS: ObservableUpDownCounter<bool> =
///     ObservableUpDownCounter::new("pool.connections", &["idle"]).unit("{connection}");
///
/// # struct Pool;
/// # impl Pool { fn idle(&self) -> i64 { 3 } fn busy(&self) -> i64 { 5 } }
/// # let pool = Pool;
/// let observed = CONNECTIONS.observe(move |connections| {
///     connections.set(pool.idle(), true);
///     connections.set(pool.busy(), false);
/// });
/// # drop(observed);
/// ```
///
/// Costs nothing while nobody reads.
#[derive(Debug)]
pub struct ObservableUpDownCounter<L = (), N = i64> {
    spec: Spec,
    of: PhantomData<fn(L, N)>,
}

/// A value that is looked up when somebody reads it.
///
/// ```
/// use otel_runtime::metric::ObservableGauge;
///
/// static HEAT: ObservableGauge = ObservableGauge::new("oven.temperature", &[]).unit("Cel");
///
/// # fn thermometer() -> Option<f64> { Some(230.0) }
/// let observed = HEAT.observe(|heat| {
///     if let Some(celsius) = thermometer() {
///         heat.set(celsius, ());
///     }
/// });
/// # drop(observed);
/// ```
///
/// Costs nothing while nobody reads.
#[derive(Debug)]
pub struct ObservableGauge<L = (), N = f64> {
    spec: Spec,
    of: PhantomData<fn(L, N)>,
}

/// Takes what a callback observes.
#[derive(Debug)]
pub struct Observer<'a, L, N> {
    /// The bits of each series' value, if it has one.
    values: &'a mut [Option<u64>],
    of: PhantomData<fn(L, N)>,
}

impl<L: Labels + Known, N: Amount> Observer<'_, L, N> {
    /// Says the value of the series of these labels. A series of which nothing is said is not
    /// there in this reading.
    pub fn set(&mut self, value: N, labels: L) {
        if let Some(series) = self.values.get_mut(labels.number()) {
            *series = Some(value.bits());
        }
    }
}

/// What all of them are declared with, and observed.
macro_rules! observable {
    ($instrument:ident, $kind:expr) => {
        impl<L: Labels + Known, N: Amount> $instrument<L, N> {
            /// An instrument of this name, with one key for each label.
            ///
            /// # Panics
            /// At compile time, if the name is none by the [rules], if there are more or fewer
            /// keys than labels, or if the labels make more than 2000 series.
            ///
            /// [rules]: https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax
            #[must_use]
            #[track_caller]
            pub const fn new(name: &'static str, keys: &'static [&'static str]) -> Self {
                check_name(name);
                check_keys(keys, L::WIDTH);
                check_series(<L as Labels>::COUNT, MOST_SERIES);
                Self {
                    spec: Spec {
                        name,
                        unit: "",
                        description: "",
                        kind: $kind(N::NUMBER),
                        keys,
                        open_keys: &[],
                        series: <L as Labels>::COUNT,
                        places: 0,
                        describe: L::describe,
                        package: "",
                        version: "",
                        place: std::panic::Location::caller(),
                        calls: None,
                    },
                    of: PhantomData,
                }
            }

            /// Gives the unit, in [UCUM]: `s`, `By`, `{order}`.
            ///
            /// # Panics
            /// At compile time, if it is longer than 63 characters or not visible ASCII.
            ///
            /// [UCUM]: https://ucum.org
            #[must_use]
            pub const fn unit(mut self, unit: &'static str) -> Self {
                check_unit(unit);
                self.spec.unit = unit;
                self
            }

            /// Says what it is about.
            #[must_use]
            pub const fn description(mut self, description: &'static str) -> Self {
                self.spec.description = description;
                self
            }

            /// Names the package that declares it, the instrumentation scope:
            /// `.scope(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))`.
            #[must_use]
            pub const fn scope(mut self, package: &'static str, version: &'static str) -> Self {
                self.spec.package = package;
                self.spec.version = version;
                self
            }

            /// Has `callback` look the values up whenever somebody reads them, until what is
            /// returned is dropped.
            ///
            /// An instrument of the same name with another unit, or of another kind, is an error when
            /// the runtime is installed while this is observed; later it is told.
            ///
            /// Several callbacks may observe one instrument: what they say of the same series is
            /// added up, or of a gauge, one of them is taken. About where they run, how long they
            /// may take, and what becomes of one that panics, see
            /// [`Source::metrics`](super::Source::metrics).
            pub fn observe(
                &'static self,
                callback: impl FnMut(&mut Observer<'_, L, N>) + Send + 'static,
            ) -> Attached {
                let callback = Callback {
                    spec: &self.spec,
                    look_up: Mutex::new(callback),
                    of: PhantomData,
                };
                source::attach_observing(&self.spec, callback)
            }
        }
    };
}

observable!(ObservableCounter, Kind::Counter);
observable!(ObservableUpDownCounter, Kind::UpDownCounter);
observable!(ObservableGauge, Kind::Gauge);

struct Callback<F, L, N> {
    spec: &'static Spec,
    look_up: Mutex<F>,
    of: PhantomData<fn(L, N)>,
}

impl<F, L, N> Source for Callback<F, L, N>
where
    F: FnMut(&mut Observer<'_, L, N>) + Send,
{
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let mut values = vec![None; self.spec.series];
        // One round asks at a time, and one that panics is not asked again.
        if let Ok(mut look_up) = self.look_up.try_lock() {
            look_up(&mut Observer {
                values: &mut values,
                of: PhantomData,
            });
        }
        give(metric(self.spec, &values));
    }
}

fn metric(spec: &'static Spec, values: &[Option<u64>]) -> Metric {
    let points = values.iter().enumerate().filter_map(|(series, bits)| {
        Some(NumberPoint {
            attributes: attributes_of(spec, series),
            start_unix_ns: 0,
            unix_ns: 0,
            value: number(spec, (*bits)?),
            exemplars: Vec::new(),
        })
    });
    let points = points.collect();
    Metric {
        name: Cow::Borrowed(spec.name),
        unit: Cow::Borrowed(spec.unit),
        description: Cow::Borrowed(spec.description),
        scope: MetricScope {
            name: Cow::Borrowed(spec.package),
            version: Cow::Borrowed(spec.version),
        },
        points: match spec.kind {
            Kind::Gauge(_) => Points::Gauge(points),
            kind => Points::Sum {
                is_monotonic: matches!(kind, Kind::Counter(_)),
                temporality: Temporality::Cumulative,
                points,
            },
        },
    }
}
