//! Series that are made while the program runs, one by one, by another library's recorder.
//!
//! Each is an instrument of its own with one series: values go to the calling
//! thread's cells as they do with instruments that are `static`s. A series is
//! never freed, so whoever makes them bounds how many there are.

use std::borrow::Cow;

use super::collect::Interval;
use super::data::{Attributes, Metric, MetricScope, Points};
use super::instrument::Instrument;
use super::points::points_of;
use super::spec::{Kind, Spec};
#[cfg(feature = "metrics")]
use crate::per_process::PerProcess;
use crate::registry::{Link, Linked, List};
use crate::stats;

/// One series of a metric that another library declares while the program runs; for bridges.
///
/// Each is kept until the program ends, takes some 400 bytes, and a place in a table of every thread
/// that counts in it: whoever makes them bounds how many there are. What is given to it costs what it
/// costs with an instrument of ours.
#[derive(Debug)]
pub struct LooseSeries {
    instrument: Instrument,
    spec: LooseSpec,
    link: Link<Self>,
}

/// What is said of a series that another library declares.
#[derive(Clone, Debug)]
pub struct LooseSpec {
    /// The library, or the bridge from it, which asks for its series by this name.
    pub owner: &'static str,
    /// What is done with the values.
    pub kind: Kind,
    /// The metric's name.
    pub name: &'static str,
    /// The unit, in UCUM; empty if there is none.
    pub unit: Cow<'static, str>,
    /// What the metric is about; may be empty.
    pub description: Cow<'static, str>,
    /// The instrumentation scope.
    pub scope: MetricScope,
    /// What the series is divided by.
    pub attributes: Attributes,
}

/// All of them, last one first.
static SERIES: List<LooseSeries> = List::new();
/// One counter is lifted at a time.
#[cfg(feature = "metrics")]
static LIFTING: PerProcess<std::sync::Mutex<()>> = PerProcess::new();

impl Linked for LooseSeries {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

impl LooseSpec {
    /// A metric without unit, description and attributes.
    #[must_use]
    pub fn new(owner: &'static str, kind: Kind, name: &'static str, scope: MetricScope) -> Self {
        Self {
            owner,
            kind,
            name,
            unit: Cow::Borrowed(""),
            description: Cow::Borrowed(""),
            scope,
            attributes: Attributes::new(),
        }
    }
}

impl LooseSeries {
    /// Makes a series; the [metrics](loose_metrics) of its owner have it from now on.
    #[must_use]
    pub fn add(spec: LooseSpec) -> &'static Self {
        let series: &'static Self = Box::leak(Box::new(Self {
            instrument: Instrument::new(Spec::one(spec.name, spec.kind)),
            spec,
            link: Link::new(),
        }));
        series.instrument.enlist(|| SERIES.push(series));
        series
    }

    /// Raises a counter of whole numbers.
    #[inline]
    pub fn raise(&'static self, by: u64) {
        self.instrument.raise_int(0, by);
    }

    /// Raises a counter of floating-point numbers; what is below zero, or no number, is counted as
    /// lost.
    pub fn raise_double(&'static self, by: f64) {
        if by >= 0.0 && by.is_finite() {
            self.instrument.raise_double(0, by);
        } else {
            stats::lose_value();
        }
    }

    /// Changes an up-down counter of whole numbers.
    pub fn add_int(&'static self, by: i64) {
        self.instrument.add_int(0, by.cast_unsigned());
    }

    /// Changes an up-down counter of floating-point numbers; what is no number is counted as lost.
    pub fn add_double(&'static self, by: f64) {
        if by.is_finite() {
            self.instrument.add_double(0, by);
        } else {
            stats::lose_value();
        }
    }

    /// Sets a gauge of whole numbers.
    pub fn set_int(&'static self, value: i64) {
        self.instrument.set(0, value.cast_unsigned());
    }

    /// Raises a counter to this number, if it is below.
    #[cfg(feature = "metrics")]
    pub(crate) fn lift(&'static self, to: u64) {
        let lifting = LIFTING.made().lock();
        let _lifting = lifting.unwrap_or_else(std::sync::PoisonError::into_inner);
        if let super::block::Reading::Ints(sums) = self.instrument.read()
            && let Some(by) = to.checked_sub(sums.first().copied().unwrap_or(0))
        {
            self.instrument.raise_int(0, by);
        }
    }

    /// Sets a gauge of floating-point numbers.
    #[inline]
    pub fn set(&'static self, value: f64) {
        self.instrument.set(0, value.to_bits());
    }

    /// Adds to a gauge.
    #[cfg(feature = "metrics")]
    pub(crate) fn change(&'static self, by: f64) {
        self.instrument
            .change(0, |bits| (f64::from_bits(bits) + by).to_bits());
    }

    /// Counts a value of a histogram; one that is no number, or below zero where buckets are
    /// exponential, is counted as lost.
    #[inline]
    pub fn record(&'static self, value: f64) {
        let has_room_below = matches!(self.spec.kind, Kind::Histogram(_));
        if value.is_finite() && (value >= 0.0 || has_room_below) {
            self.instrument.record(0, value);
        } else {
            stats::lose_value();
        }
    }

    fn metric(&'static self, interval: Interval) -> Metric {
        let mut points = points_of(&self.instrument, interval);
        points.set_attributes(&self.spec.attributes);
        Metric {
            name: Cow::Borrowed(self.spec.name),
            unit: self.spec.unit.clone(),
            description: self.spec.description.clone(),
            scope: self.spec.scope.clone(),
            points,
        }
    }
}

impl Points {
    /// Gives all points these attributes.
    fn set_attributes(&mut self, attributes: &Attributes) {
        match self {
            Self::Sum { points, .. } | Self::Gauge(points) => points
                .iter_mut()
                .for_each(|point| point.attributes.clone_from(attributes)),
            Self::Histogram { points, .. } => points
                .iter_mut()
                .for_each(|point| point.attributes.clone_from(attributes)),
            Self::ExponentialHistogram { points, .. } => points
                .iter_mut()
                .for_each(|point| point.attributes.clone_from(attributes)),
        }
    }
}

/// Each series of this owner as a metric, the first one first; for the [`Source`](super::Source) of a
/// bridge.
#[must_use]
pub fn loose_metrics(owner: &str) -> Vec<Metric> {
    let interval = Interval::of_all_time();
    let own = SERIES.iter().filter(|series| series.spec.owner == owner);
    let mut metrics: Vec<_> = own.map(|series| series.metric(interval)).collect();
    metrics.reverse();
    metrics
}

/// Counts a value that a bridge has no series for as lost.
pub fn lose_loose_value() {
    stats::lose_value();
}

/// The instruments of all series.
pub(super) fn instruments() -> impl Iterator<Item = &'static Instrument> {
    SERIES.iter().map(|series| &series.instrument)
}

/// Leaves a lock behind that somebody may hold, in a forked child.
pub(super) fn forget() {
    #[cfg(feature = "metrics")]
    LIFTING.abandon();
}
