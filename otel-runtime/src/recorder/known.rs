//! Which series there are, and how many more there may be.
//!
//! A look-up takes a shared lock of one of sixteen parts; what has no series of
//! its own, a shared lock of all metrics as well. Only what makes a series takes
//! that one alone. No series is made twice.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use metrics::{Key, KeyName, Metadata, SharedString, Unit};

use super::handle::Handle;
use super::name::{self, Told};
use super::unit;
use crate::diagnostics;
use crate::metric::{Attributes, Kind, LooseSeries as Series, LooseSpec, MetricScope, Number};
use crate::per_process::PerProcess;
use crate::site::Level;

/// What this process knows.
pub(super) static KNOWN: PerProcess<Known> = PerProcess::new();
static MAX_SERIES: AtomicUsize = AtomicUsize::new(0);
/// The most names there can be, all three sorts together.
const MOST_METRICS: usize = 2000;
/// The most series of all metrics together, but for one of each that is for the others: each has a
/// pointer in the table of every thread.
const MOST_SERIES: usize = 50_000;
const PARTS: usize = 16;
/// Whose series those of the recorder are.
pub(super) const OWNER: &str = "metrics";

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
    metrics: RwLock<Metrics>,
    described: RwLock<HashMap<(Sort, String), Description>>,
}

/// Handles, by the hash of their key, which the crate has computed.
type Part = HashMap<u64, Vec<(Sort, Key, Arc<Handle>)>, BuildHasherDefault<Hashed>>;

#[derive(Debug)]
struct Metrics {
    /// By sort.
    by_name: [HashMap<String, Metric>; 3],
    /// Of all of them.
    series: usize,
    told: Told,
    is_full_told: bool,
    /// What is given where there is no room for a name.
    lost: Arc<Handle>,
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
        found
            .or_else(|| self.without_room(sort, key))
            .unwrap_or_else(|| self.make(part, sort, key, metadata))
    }

    /// What there is for a series that cannot be made, if that has been found out before.
    #[cold]
    fn without_room(&self, sort: Sort, key: &Key) -> Option<Arc<Handle>> {
        let metrics = self.metrics.read().unwrap_or_else(PoisonError::into_inner);
        match metrics.by_name[sort as usize].get(&*name::valid(key.name())) {
            Some(metric) if !metrics.has_room(metric) => metric.overflow.clone(),
            None if metrics.is_full_told => Some(Arc::clone(&metrics.lost)),
            _ => None,
        }
    }

    #[cold]
    fn make(
        &self,
        part: &RwLock<Part>,
        sort: Sort,
        key: &Key,
        metadata: &Metadata<'_>,
    ) -> Arc<Handle> {
        let mut metrics = self.metrics.write().unwrap_or_else(PoisonError::into_inner);
        let mut part = part.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = find(&part, sort, key) {
            return handle;
        }
        let Some(series) = metrics.series_of(sort, key, metadata) else {
            return Arc::clone(&metrics.lost);
        };
        let series = match series {
            New::Own(series) => series,
            New::Overflow(handle) => return handle,
        };
        let handle = Arc::new(Handle(Some(series)));
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

/// What a new key gets.
enum New {
    Own(&'static Series),
    Overflow(Arc<Handle>),
}

impl Metrics {
    fn has_room(&self, metric: &Metric) -> bool {
        metric.series < MAX_SERIES.load(Ordering::Relaxed) && self.series < MOST_SERIES
    }

    /// `None` if there is no room for the name.
    fn series_of(&mut self, sort: Sort, key: &Key, metadata: &Metadata<'_>) -> Option<New> {
        let name = self.name(sort, key.name(), metadata)?;
        let metric = self.by_name[sort as usize].get(&name)?;
        let has_room = self.has_room(metric);
        let metric = self.by_name[sort as usize].get_mut(&name)?;
        if !has_room {
            return Some(New::Overflow(metric.overflow(sort)));
        }
        metric.series += 1;
        self.series += 1;
        Some(New::Own(metric.series_of(sort, attributes(key))))
    }

    /// What a metric is called, which is there from now on.
    fn name(&mut self, sort: Sort, given: &str, metadata: &Metadata<'_>) -> Option<String> {
        let name = name::valid(given);
        if name != given {
            self.told.once(given, &name);
        }
        let name = name.into_owned();
        if self.by_name[sort as usize].contains_key(&name) {
            return Some(name);
        }
        if self.by_name.iter().map(HashMap::len).sum::<usize>() >= MOST_METRICS {
            if !std::mem::replace(&mut self.is_full_told, true) {
                let line = format_args!(
                    "`metrics` has more than {MOST_METRICS} names: what is counted as `{given}`, \
                     and under any further name, is lost"
                );
                diagnostics::tell_later(Level::Error, &line);
            }
            return None;
        }
        let package = metadata.target().split("::").next().unwrap_or("");
        let metric = Metric {
            name: name.clone().leak(),
            scope: MetricScope {
                name: package.to_owned().into(),
                version: "".into(),
            },
            series: 0,
            overflow: None,
        };
        self.by_name[sort as usize].insert(name.clone(), metric);
        Some(name)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            by_name: Default::default(),
            series: 0,
            told: Told::default(),
            is_full_told: false,
            lost: Arc::new(Handle(None)),
        }
    }
}

impl Metric {
    fn series_of(&self, sort: Sort, attributes: Attributes) -> &'static Series {
        let kind = match sort {
            Sort::Counter => Kind::Counter(Number::Int),
            Sort::Gauge => Kind::Gauge(Number::Double),
            Sort::Histogram => Kind::ExponentialHistogram,
        };
        Series::add(LooseSpec {
            attributes,
            ..LooseSpec::new(OWNER, kind, self.name, self.scope.clone())
        })
    }

    fn overflow(&mut self, sort: Sort) -> Arc<Handle> {
        if let Some(overflow) = &self.overflow {
            return Arc::clone(overflow);
        }
        let line = format_args!(
            "`{}` gets no more than {} series of its own: further sets of labels are counted together",
            self.name, self.series
        );
        diagnostics::tell_later(Level::Warn, &line);
        let attributes = vec![("otel.metric.overflow".into(), true.into())];
        let overflow = Arc::new(Handle(Some(self.series_of(sort, attributes))));
        self.overflow = Some(Arc::clone(&overflow));
        overflow
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

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: Metadata<'_> = Metadata::new("known", metrics::Level::INFO, None);

    fn key(name: &'static str, user: usize) -> Key {
        Key::from_parts(name, vec![metrics::Label::new("user", user.to_string())])
    }

    #[test]
    fn what_has_no_room_is_found_without_the_lock_that_makes_series() {
        let known = Known::default();
        set_max_series(2);
        let full = "known.is full";
        let made = [0, 1, 2].map(|user| known.handle(Sort::Counter, &key(full, user), &METADATA));
        // As long as somebody reads, nothing can be made.
        let _reading = known.metrics.read().unwrap();
        for user in 3..10 {
            let handle = known.handle(Sort::Counter, &key(full, user), &METADATA);
            assert!(Arc::ptr_eq(&handle, &made[2]));
        }
        assert!(known.without_room(Sort::Gauge, &key(full, 3)).is_none());
        assert!(
            known
                .without_room(Sort::Counter, &key("other", 3))
                .is_none()
        );
    }

    #[test]
    fn so_is_a_name_when_there_are_too_many() {
        let known = Known::default();
        set_max_series(2);
        for name in 0..=MOST_METRICS {
            let key = Key::from_name(format!("known.{name}"));
            let _ = known.handle(Sort::Gauge, &key, &METADATA);
        }
        let _reading = known.metrics.read().unwrap();
        let handle = known.handle(Sort::Gauge, &key("known.new", 0), &METADATA);
        assert!(handle.0.is_none());
    }
}
