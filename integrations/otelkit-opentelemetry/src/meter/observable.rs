//! Instruments whose callbacks are asked when somebody reads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{AsyncInstrument, Callback};
use otel_runtime::metric::{
    self, Attributes, Kind, Metric, MetricScope, NumberPoint, NumberValue, Points, Source,
    Temporality,
};

use super::instrument::{Declared, MOST_INSTRUMENTS, MOST_SERIES};
use super::{attributes, name};

/// What one callback can observe.
pub(super) trait Observed: Copy + Send + 'static {
    fn number(self) -> NumberValue;
}

impl Observed for u64 {
    fn number(self) -> NumberValue {
        NumberValue::Int(i64::try_from(self).unwrap_or(i64::MAX))
    }
}

impl Observed for i64 {
    fn number(self) -> NumberValue {
        NumberValue::Int(self)
    }
}

impl Observed for f64 {
    fn number(self) -> NumberValue {
        NumberValue::Double(self)
    }
}

/// Asks callbacks, whatever they observe.
type Ask = Box<dyn Fn(&Mutex<Observations>) + Send + Sync>;

/// An observed instrument. One that is declared again has its callbacks beside those of the first.
struct Instrument {
    declared: Declared,
    asks: Mutex<Vec<Arc<Ask>>>,
}

/// What was observed in one reading.
#[derive(Default)]
struct Observations {
    points: HashMap<Vec<KeyValue>, NumberValue>,
    overflow: Option<NumberValue>,
    is_sum: bool,
}

type Key = (MetricScope, String, &'static str);

static KNOWN: RwLock<Option<HashMap<Key, Arc<Instrument>>>> = RwLock::new(None);
/// The most callbacks of one instrument.
const MOST_CALLBACKS: usize = 1000;

/// Has the callbacks asked from now on, until the program ends; nothing happens if the name is none,
/// or if there are too many.
pub(super) fn declare<T: Observed>(declared: Declared, callbacks: Vec<Callback<T>>) {
    if callbacks.is_empty() || !name::is_valid(&declared.name) {
        return;
    }
    let sort = match declared.kind {
        Kind::Counter(_) => "counter",
        Kind::Gauge(_) => "gauge",
        _ => "up-down counter",
    };
    let key = (
        declared.scope.clone(),
        declared.name.to_ascii_lowercase(),
        sort,
    );
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    let is_full = known.len() >= MOST_INSTRUMENTS;
    let instrument = match known.get(&key) {
        Some(instrument) => Arc::clone(instrument),
        None if is_full => return,
        None => {
            let instrument = Arc::new(Instrument {
                declared,
                asks: Mutex::default(),
            });
            known.insert(key, Arc::clone(&instrument));
            metric::attach(Asked(Arc::clone(&instrument))).forever();
            instrument
        }
    };
    let mut asks = instrument
        .asks
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let room = MOST_CALLBACKS.saturating_sub(asks.len());
    let added = callbacks.into_iter().take(room).map(|callback| {
        let ask: Ask = Box::new(move |to| callback(&Observing(to)));
        Arc::new(ask)
    });
    asks.extend(added);
}

/// The instrument, as the runtime asks it.
struct Asked(Arc<Instrument>);

impl Source for Asked {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let Instrument { declared, asks } = &*self.0;
        let observations = Mutex::new(Observations {
            is_sum: !matches!(declared.kind, Kind::Gauge(_)),
            ..Observations::default()
        });
        // Not under the lock: a callback may declare instruments.
        let asks: Vec<_> = asks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for ask in asks {
            ask(&observations);
        }
        let observations = observations.into_inner();
        let points = observations
            .unwrap_or_else(PoisonError::into_inner)
            .points();
        if points.is_empty() {
            return;
        }
        let sum = |is_monotonic, points| Points::Sum {
            is_monotonic,
            temporality: Temporality::Cumulative,
            points,
        };
        give(Metric {
            name: declared.name.clone(),
            unit: declared.unit.clone(),
            description: declared.description.clone(),
            scope: declared.scope.clone(),
            points: match declared.kind {
                Kind::Counter(_) => sum(true, points),
                Kind::Gauge(_) => Points::Gauge(points),
                _ => sum(false, points),
            },
        });
    }
}

impl Observations {
    /// What was said last counts; the sums of what has no room are added up.
    fn take(&mut self, value: NumberValue, given: &[KeyValue]) {
        let attributes = attributes::sorted(given);
        let has_room = self.points.len() < MOST_SERIES || self.points.contains_key(&attributes);
        if has_room {
            self.points.insert(attributes, value);
        } else {
            self.overflow = Some(match self.overflow {
                Some(before) if self.is_sum => add(before, value),
                _ => value,
            });
        }
    }

    fn points(self) -> Vec<NumberPoint> {
        let own = self.points.iter().map(|(sorted, value)| {
            let attributes = attributes::ours(sorted);
            point(attributes, *value)
        });
        let overflow = self
            .overflow
            .map(|value| point(attributes::of_overflow(), value));
        own.chain(overflow).collect()
    }
}

fn point(attributes: Attributes, value: NumberValue) -> NumberPoint {
    NumberPoint {
        attributes,
        start_unix_ns: 0,
        unix_ns: 0,
        value,
        exemplars: Vec::new(),
    }
}

fn add(one: NumberValue, other: NumberValue) -> NumberValue {
    match (one, other) {
        (NumberValue::Int(one), NumberValue::Int(other)) => {
            NumberValue::Int(one.saturating_add(other))
        }
        (NumberValue::Double(one), NumberValue::Double(other)) => NumberValue::Double(one + other),
        (_, other) => other,
    }
}

/// What a callback is given.
struct Observing<'a>(&'a Mutex<Observations>);

impl<T: Observed> AsyncInstrument<T> for Observing<'_> {
    fn observe(&self, measurement: T, attributes: &[KeyValue]) {
        let mut observations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        observations.take(measurement.number(), attributes);
    }
}
