//! Instruments that values are given to.
//!
//! ```text
//!  add(1, &[k = v]) ─► the attributes as they are given: known? ─► the series ─► a cell of the thread
//!                             │ no
//!                             ▼
//!                   in their order: known, or made, or the overflow of the instrument
//! ```
//!
//! A look-up takes a shared lock of the instrument. Only what is new takes it alone.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use opentelemetry::KeyValue;
use opentelemetry::metrics::SyncInstrument;
use otel_runtime::metric::{
    Attributes, Kind, LooseSeries, LooseSpec, MetricScope, Number, lose_loose_value,
};

use super::{attributes, name};

/// Whose series these are.
pub(super) const OWNER: &str = "opentelemetry";
/// The most series of an instrument, but for the one that stands for all others.
pub(super) const MOST_SERIES: usize = 2000;
/// The most instruments of all scopes together.
pub(super) const MOST_INSTRUMENTS: usize = 2000;
/// The most series of all instruments together, but for one of each.
const MOST_IN_ALL: usize = 50_000;
/// How often the attributes of a series are kept in other orders than their own.
const MOST_ORDERS: usize = 4;

static IN_ALL: AtomicUsize = AtomicUsize::new(0);

/// What an instrument is.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) scope: MetricScope,
    pub(super) kind: Kind,
    /// Of a histogram; kept for good if it is new.
    pub(super) boundaries: Option<Vec<f64>>,
    pub(super) name: Cow<'static, str>,
    pub(super) unit: Cow<'static, str>,
    pub(super) description: Cow<'static, str>,
}

/// An instrument with its series. One that is declared again is the same one.
#[derive(Debug)]
pub(super) struct Instrument {
    template: LooseSpec,
    without_attributes: OnceLock<&'static LooseSeries>,
    hasher: RandomState,
    table: RwLock<Table>,
}

#[derive(Debug, Default)]
struct Table {
    /// By the hash of the attributes as they are given.
    as_given: HashMap<u64, Vec<Given>>,
    given: usize,
    sorted: HashMap<Vec<KeyValue>, &'static LooseSeries>,
    overflow: Option<&'static LooseSeries>,
}

/// Attributes as they are given, and the series they lead to.
type Given = (Box<[KeyValue]>, &'static LooseSeries);

type Key = (MetricScope, String, Sort);
/// Instruments of one name are told apart by this.
type Sort = &'static str;

static KNOWN: RwLock<Option<HashMap<Key, Arc<Instrument>>>> = RwLock::new(None);

/// The instrument; `None` if its name is none, or if there are too many.
pub(super) fn declare(declared: Declared) -> Option<Arc<Instrument>> {
    if !name::is_valid(&declared.name) {
        return None;
    }
    let key = (
        declared.scope.clone(),
        // Names that differ in case only are one.
        declared.name.to_ascii_lowercase(),
        sort(declared.kind),
    );
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(instrument) = known.get(&key) {
        return Some(Arc::clone(instrument));
    }
    if known.len() >= MOST_INSTRUMENTS {
        return None;
    }
    let name: &'static str = match declared.name {
        Cow::Borrowed(name) => name,
        Cow::Owned(name) => name.leak(),
    };
    let kind = match declared.boundaries {
        Some(boundaries) => Kind::Histogram(boundaries.leak()),
        None => declared.kind,
    };
    let template = LooseSpec {
        unit: declared.unit,
        description: declared.description,
        ..LooseSpec::new(OWNER, kind, name, declared.scope)
    };
    let instrument = Arc::new(Instrument {
        template,
        without_attributes: OnceLock::new(),
        hasher: RandomState::new(),
        table: RwLock::default(),
    });
    known.insert(key, Arc::clone(&instrument));
    Some(instrument)
}

/// Those of whole numbers and others are not the same: a cell holds the one or the other.
fn sort(kind: Kind) -> Sort {
    match kind {
        Kind::Counter(Number::Int) => "counter",
        Kind::Counter(Number::Double) => "counter of floating-point numbers",
        Kind::UpDownCounter(Number::Int) => "up-down counter",
        Kind::UpDownCounter(Number::Double) => "up-down counter of floating-point numbers",
        Kind::Gauge(Number::Int) => "gauge",
        Kind::Gauge(Number::Double) => "gauge of floating-point numbers",
        Kind::Histogram(_) | Kind::ExponentialHistogram => "histogram",
    }
}

impl Instrument {
    /// The series of these attributes.
    fn series(&self, given: &[KeyValue]) -> &'static LooseSeries {
        if given.is_empty() {
            return self
                .without_attributes
                .get_or_init(|| self.add(Attributes::new()));
        }
        let hash = self.hasher.hash_one(given);
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table
            .find(hash, given)
            .or_else(|| {
                table
                    .overflow
                    .filter(|_| table.is_full() && !table.has(given))
            })
            .unwrap_or_else(|| {
                drop(table);
                self.make(hash, given)
            })
    }

    #[cold]
    fn make(&self, hash: u64, given: &[KeyValue]) -> &'static LooseSeries {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = table.find(hash, given) {
            return series;
        }
        let sorted = attributes::sorted(given);
        let known = table.sorted.get(&sorted).copied();
        let series = match known {
            Some(series) => series,
            None if table.is_full() => {
                let overflow = table.overflow;
                let overflow = overflow.unwrap_or_else(|| self.add(attributes::of_overflow()));
                table.overflow = Some(overflow);
                return overflow;
            }
            None => {
                let series = self.add(attributes::ours(&sorted));
                IN_ALL.fetch_add(1, Ordering::Relaxed);
                table.sorted.insert(sorted, series);
                series
            }
        };
        if table.given < MOST_SERIES * MOST_ORDERS {
            table.given += 1;
            let same_hash = table.as_given.entry(hash).or_default();
            same_hash.push((given.into(), series));
        }
        series
    }

    fn add(&self, attributes: Attributes) -> &'static LooseSeries {
        LooseSeries::add(LooseSpec {
            attributes,
            ..self.template.clone()
        })
    }
}

impl Table {
    fn find(&self, hash: u64, given: &[KeyValue]) -> Option<&'static LooseSeries> {
        let same_hash = self.as_given.get(&hash)?;
        let same = same_hash.iter().find(|(known, _)| **known == *given);
        same.map(|(_, series)| *series)
    }

    /// True if there is a series of these attributes, in whatever order.
    fn has(&self, given: &[KeyValue]) -> bool {
        self.sorted.contains_key(&attributes::sorted(given))
    }

    fn is_full(&self) -> bool {
        self.sorted.len() >= MOST_SERIES || IN_ALL.load(Ordering::Relaxed) >= MOST_IN_ALL
    }
}

/// What an instrument of the API holds; without an instrument every value is counted as lost.
#[derive(Debug)]
pub(super) struct Handle(pub(super) Option<Arc<Instrument>>);

impl Handle {
    fn with(&self, attributes: &[KeyValue], give: impl FnOnce(&'static LooseSeries, Kind)) {
        match &self.0 {
            Some(instrument) => give(instrument.series(attributes), instrument.template.kind),
            None => lose_loose_value(),
        }
    }
}

impl SyncInstrument<u64> for Handle {
    fn measure(&self, value: u64, attributes: &[KeyValue]) {
        self.with(attributes, |series, kind| match kind {
            Kind::Counter(_) => series.raise(value),
            Kind::Gauge(_) => series.set_int(i64::try_from(value).unwrap_or(i64::MAX)),
            _ => series.record(value as f64),
        });
    }
}

impl SyncInstrument<i64> for Handle {
    fn measure(&self, value: i64, attributes: &[KeyValue]) {
        self.with(attributes, |series, kind| match kind {
            Kind::Gauge(_) => series.set_int(value),
            _ => series.add_int(value),
        });
    }
}

impl SyncInstrument<f64> for Handle {
    fn measure(&self, value: f64, attributes: &[KeyValue]) {
        self.with(attributes, |series, kind| match kind {
            Kind::Counter(_) => series.raise_double(value),
            Kind::UpDownCounter(_) => series.add_double(value),
            Kind::Gauge(_) => series.set(value),
            _ => series.record(value),
        });
    }
}
