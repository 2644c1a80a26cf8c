//! Series that are made while the program runs, one by one, by another library's recorder.
//!
//! Each is an instrument of its own with one series: values go to the calling
//! thread's cells as they do with instruments that are `static`s. A series is
//! never freed, so whoever makes them bounds how many there are.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use super::block::Reading;
use super::collect::Interval;
use super::data::{Attributes, Metric, MetricScope, Points};
use super::instrument::Instrument;
use super::points::points_of;
use super::spec::{Kind, Number, Spec};
use crate::per_process::PerProcess;
use crate::registry::{Link, Linked, List};
use crate::stats;

/// One series.
#[derive(Debug)]
pub(crate) struct Series {
    instrument: Instrument,
    name: &'static str,
    attributes: Attributes,
    scope: MetricScope,
    link: Link<Self>,
}

/// All of them, last one first.
static SERIES: List<Series> = List::new();
/// One counter is lifted at a time.
static LIFTING: PerProcess<Mutex<()>> = PerProcess::new();

impl Linked for Series {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

impl Series {
    /// A counter of whole numbers.
    pub(crate) fn counter(
        name: &'static str,
        attributes: Attributes,
        scope: MetricScope,
    ) -> &'static Self {
        Self::make(Kind::Counter(Number::Int), name, attributes, scope)
    }

    /// A gauge of floating-point numbers.
    pub(crate) fn gauge(
        name: &'static str,
        attributes: Attributes,
        scope: MetricScope,
    ) -> &'static Self {
        Self::make(Kind::Gauge(Number::Double), name, attributes, scope)
    }

    /// A histogram with exponential buckets.
    pub(crate) fn histogram(
        name: &'static str,
        attributes: Attributes,
        scope: MetricScope,
    ) -> &'static Self {
        Self::make(Kind::ExponentialHistogram, name, attributes, scope)
    }

    fn make(
        kind: Kind,
        name: &'static str,
        attributes: Attributes,
        scope: MetricScope,
    ) -> &'static Self {
        let series: &'static Self = Box::leak(Box::new(Self {
            instrument: Instrument::new(Spec::one(name, kind)),
            name,
            attributes,
            scope,
            link: Link::new(),
        }));
        series.instrument.enlist(|| SERIES.push(series));
        series
    }

    /// Raises a counter.
    #[inline]
    pub(crate) fn raise(&'static self, by: u64) {
        self.instrument.raise_int(0, by);
    }

    /// Raises a counter to this number, if it is below.
    pub(crate) fn lift(&'static self, to: u64) {
        let lifting = LIFTING.made().lock();
        let _lifting = lifting.unwrap_or_else(PoisonError::into_inner);
        if let Reading::Ints(sums) = self.instrument.read()
            && let Some(by) = to.checked_sub(sums.first().copied().unwrap_or(0))
        {
            self.instrument.raise_int(0, by);
        }
    }

    /// Sets a gauge.
    #[inline]
    pub(crate) fn set(&'static self, value: f64) {
        self.instrument.set(0, value.to_bits());
    }

    /// Adds to a gauge.
    pub(crate) fn change(&'static self, by: f64) {
        self.instrument
            .change(0, |bits| (f64::from_bits(bits) + by).to_bits());
    }

    /// Counts a value of a histogram; one that is below zero, or no number, is counted as lost.
    #[inline]
    pub(crate) fn record(&'static self, value: f64) {
        if value >= 0.0 && value.is_finite() {
            self.instrument.record(0, value);
        } else {
            stats::lose_value();
        }
    }

    fn metric(&'static self, interval: Interval) -> Metric {
        let mut points = points_of(&self.instrument, interval);
        points.set_attributes(&self.attributes);
        Metric {
            name: Cow::Borrowed(self.name),
            unit: Cow::Borrowed(""),
            description: Cow::Borrowed(""),
            scope: self.scope.clone(),
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

/// Each series as a metric without unit and description, the first one first.
pub(crate) fn loose(interval: Interval) -> Vec<Metric> {
    let mut metrics: Vec<_> = SERIES
        .iter()
        .map(|series| series.metric(interval))
        .collect();
    metrics.reverse();
    metrics
}

/// The instruments of all series.
pub(super) fn instruments() -> impl Iterator<Item = &'static Instrument> {
    SERIES.iter().map(|series| &series.instrument)
}

/// Leaves a lock behind that somebody may hold, in a forked child.
pub(super) fn forget() {
    LIFTING.abandon();
}
