//! Which series there are, and how many more there may be.
//!
//! A look-up takes a shared lock of one of sixteen parts; what is new takes the
//! lock of all metrics. No series is made twice.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use metrics::{Key, KeyName, Metadata, SharedString, Unit};

use super::handle::Handle;
use super::name::{self, Told};
use super::unit;
use crate::diagnostics;
use crate::metric::{Attributes, LooseSeries as Series, MetricScope};
use crate::per_process::PerProcess;
use crate::site::Level;

/// What this process knows.
pub(super) static KNOWN: PerProcess<Known> = PerProcess::new();
static MAX_SERIES: AtomicUsize = AtomicUsize::new(0);
/// The most names there can be, all three sorts together.
const MOST_METRICS: usize = 2000;
const PARTS: usize = 16;

/// What values are given as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    Counter,
    Gauge,
    Histogram,
}

#[derive(Debug, Default)]
pub(super) struct Known {
    parts: [RwLock<Part>; PARTS],
    metrics: Mutex<Metrics>,
    described: RwLock<HashMap<(Sort, String), Description>>,
}

/// Handles, by the hash of their key, which the crate has computed.
type Part = HashMap<u64, Vec<(Sort, Key, Arc<Handle>)>, BuildHasherDefault<Hashed>>;

#[derive(Debug, Default)]
struct Metrics {
    by_name: HashMap<(Sort, String), Metric>,
    told: Told,
    is_full_told: bool,
}

#[derive(Debug)]
struct Metric {
    name: &'static str,
    scope: MetricScope,
    series: usize,
    overflow: Option<Arc<Handle>>,
}

/// What is said of a metric.
#[derive(Clone, Debug)]
pub(super) struct Description {
    pub(super) unit: &'static str,
    pub(super) text: SharedString,
}

/// How many sets of labels are kept apart from now on.
pub(super) fn set_max_series(max: usize) {
    MAX_SERIES.store(max, Ordering::Relaxed);
}

impl Known {
    /// The handle of this series, made if it is new and there is room.
    pub(super) fn handle(&self, sort: Sort, key: &Key, metadata: &Metadata<'_>) -> Arc<Handle> {
        let part = &self.parts[key.get_hash() as usize % PARTS];
        let found = find(
            &part.read().unwrap_or_else(PoisonError::into_inner),
            sort,
            key,
        );
        found.unwrap_or_else(|| self.make(part, sort, key, metadata))
    }

    #[cold]
    fn make(
        &self,
        part: &RwLock<Part>,
        sort: Sort,
        key: &Key,
        metadata: &Metadata<'_>,
    ) -> Arc<Handle> {
        let mut metrics = self.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        let mut part = part.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = find(&part, sort, key) {
            return handle;
        }
        let Some(metric) = metrics.metric(sort, key.name(), metadata) else {
            return Arc::new(Handle(None));
        };
        if metric.series >= MAX_SERIES.load(Ordering::Relaxed) {
            return metric.overflow(sort);
        }
        metric.series += 1;
        let handle = Arc::new(Handle(Some(metric.series_of(sort, attributes(key)))));
        part.entry(key.get_hash()).or_default().push((
            sort,
            key.to_retained(),
            Arc::clone(&handle),
        ));
        handle
    }

    pub(super) fn describe(
        &self,
        sort: Sort,
        key: &KeyName,
        unit: Option<Unit>,
        text: SharedString,
    ) {
        let name = name::valid(key.as_str()).into_owned();
        let unit = unit.map_or("", unit::ucum);
        let mut described = self
            .described
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if described.len() < MOST_METRICS || described.contains_key(&(sort, name.clone())) {
            described.insert((sort, name), Description { unit, text });
        }
    }

    /// What was said of a metric.
    pub(super) fn description(&self, sort: Sort, name: &str) -> Option<Description> {
        let described = self
            .described
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        described.get(&(sort, name.to_owned())).cloned()
    }
}

fn find(part: &Part, sort: Sort, key: &Key) -> Option<Arc<Handle>> {
    let same_hash = part.get(&key.get_hash())?;
    let same = same_hash
        .iter()
        .find(|(known, of, _)| *known == sort && of == key);
    same.map(|(_, _, handle)| Arc::clone(handle))
}

impl Metrics {
    fn metric(&mut self, sort: Sort, given: &str, metadata: &Metadata<'_>) -> Option<&mut Metric> {
        let name = name::valid(given);
        if name != given {
            self.told.once(given, &name);
        }
        let key = (sort, name.into_owned());
        if !self.by_name.contains_key(&key) {
            if self.by_name.len() >= MOST_METRICS {
                if !std::mem::replace(&mut self.is_full_told, true) {
                    let line = format_args!(
                        "`metrics` has more than {MOST_METRICS} names: what is counted as `{given}`, \
                         and under any further name, is lost"
                    );
                    diagnostics::tell(Level::Error, &line);
                }
                return None;
            }
            let package = metadata.target().split("::").next().unwrap_or("");
            let metric = Metric {
                name: key.1.clone().leak(),
                scope: MetricScope {
                    name: package.to_owned().into(),
                    version: "".into(),
                },
                series: 0,
                overflow: None,
            };
            self.by_name.insert(key.clone(), metric);
        }
        self.by_name.get_mut(&key)
    }
}

impl Metric {
    fn series_of(&self, sort: Sort, attributes: Attributes) -> &'static Series {
        let make = match sort {
            Sort::Counter => Series::counter,
            Sort::Gauge => Series::gauge,
            Sort::Histogram => Series::histogram,
        };
        make(self.name, attributes, self.scope.clone())
    }

    fn overflow(&mut self, sort: Sort) -> Arc<Handle> {
        if self.overflow.is_none() {
            let line = format_args!(
                "`{}` has more than {} sets of labels: further ones are counted together",
                self.name, self.series
            );
            diagnostics::tell(Level::Warn, &line);
            let attributes = vec![("otel.metric.overflow".into(), true.into())];
            let series = self.series_of(sort, attributes);
            self.overflow = Some(Arc::new(Handle(Some(series))));
        }
        self.overflow
            .as_ref()
            .map_or_else(|| Arc::new(Handle(None)), Arc::clone)
    }
}

/// The labels, of several with one key the last.
fn attributes(key: &Key) -> Attributes {
    let mut attributes = Attributes::new();
    for label in key.labels() {
        let value = label.value().to_owned().into();
        match attributes
            .iter_mut()
            .find(|(known, _)| known == label.key())
        {
            Some((_, known)) => *known = value,
            None => attributes.push((label.key().to_owned().into(), value)),
        }
    }
    attributes
}

/// Takes a number that is a hash already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
