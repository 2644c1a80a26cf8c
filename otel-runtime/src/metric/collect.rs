//! What is said of a metric beside its points, and when it is read.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use super::call::ERROR_TYPE;
use super::data::{Attributes, Metric, MetricScope, Points, Temporality};
use super::spec::{Kind, Spec};
use crate::clock::unix_ns;

/// When the first runtime of this process was installed; zero before. What was counted stays when
/// another one follows, and goes on from there.
static BEGAN_UNIX_NS: AtomicU64 = AtomicU64::new(0);

/// A runtime is being installed; true if it is the first one.
pub(crate) fn begin_counting() -> bool {
    let began = BEGAN_UNIX_NS.compare_exchange(0, unix_ns(), Ordering::Relaxed, Ordering::Relaxed);
    began.is_ok()
}

/// Nothing is counted yet, in a forked child.
pub(super) fn forget() {
    BEGAN_UNIX_NS.store(0, Ordering::Relaxed);
}

/// When the counting began, and when it is read; in nanoseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) start_unix_ns: u64,
    pub(crate) unix_ns: u64,
}

impl Interval {
    /// An interval that begins now, and has no length yet.
    pub(crate) fn from_now() -> Self {
        let unix_ns = unix_ns();
        Self {
            start_unix_ns: unix_ns,
            unix_ns,
        }
    }

    /// Since the first installation, or since now if there is none yet.
    pub(crate) fn of_counting() -> Self {
        let now = Self::from_now();
        match BEGAN_UNIX_NS.load(Ordering::Relaxed) {
            0 => now,
            start_unix_ns => Self {
                start_unix_ns,
                ..now
            },
        }
    }

    /// Until now, of things whose beginning is not known.
    pub(crate) fn of_all_time() -> Self {
        Self {
            start_unix_ns: 0,
            unix_ns: unix_ns(),
        }
    }

    /// The same, lasting until now.
    pub(super) fn to_now(self) -> Self {
        Self {
            // The wall clock may have been set back.
            unix_ns: unix_ns().max(self.start_unix_ns),
            ..self
        }
    }
}

pub(super) fn metric(spec: &Spec, points: Points) -> Metric {
    let (package, version) = match &spec.calls {
        Some(calls) => (calls.site.spec().package, calls.site.spec().version),
        None => (spec.package, spec.version),
    };
    Metric {
        name: Cow::Borrowed(spec.name),
        unit: Cow::Borrowed(spec.unit),
        description: Cow::Borrowed(spec.description),
        scope: MetricScope {
            name: Cow::Borrowed(package),
            version: Cow::Borrowed(version),
        },
        points,
    }
}

impl Points {
    /// None, of the kind that an instrument has.
    pub(super) fn none(spec: &Spec) -> Self {
        let temporality = Temporality::Cumulative;
        match spec.kind {
            Kind::Counter(_) | Kind::UpDownCounter(_) => Self::Sum {
                is_monotonic: matches!(spec.kind, Kind::Counter(_)),
                temporality,
                points: Vec::new(),
            },
            Kind::Gauge(_) => Self::Gauge(Vec::new()),
            Kind::Histogram(boundaries) => Self::Histogram {
                temporality,
                boundaries: Cow::Borrowed(boundaries),
                points: Vec::new(),
            },
            Kind::ExponentialHistogram => Self::ExponentialHistogram {
                temporality,
                points: Vec::new(),
            },
        }
    }

    /// A function knows many errors that it never returns. The counter of its calls has a series
    /// for each of them from the start; a histogram, which is thirty numbers, only of those seen.
    pub(super) fn leave_out_errors_never_seen(&mut self) {
        let is_of_error = |attributes: &Attributes| {
            let mut keys = attributes.iter().map(|(key, _)| key);
            keys.any(|key| key == ERROR_TYPE)
        };
        match self {
            Self::Histogram { points, .. } => {
                points.retain(|point| point.count() > 0 || !is_of_error(&point.attributes));
            }
            Self::ExponentialHistogram { points, .. } => {
                points.retain(|point| point.count() > 0 || !is_of_error(&point.attributes));
            }
            Self::Sum { .. } | Self::Gauge(_) => {}
        }
    }

    /// Says when the points were read, and since when they count, where that is not said.
    pub(super) fn fill_in(&mut self, interval: Interval) {
        let fill = |start: Option<&mut u64>, unix_ns: &mut u64| {
            if let Some(start @ 0) = start {
                *start = interval.start_unix_ns;
            }
            if *unix_ns == 0 {
                *unix_ns = interval.unix_ns;
            }
        };
        match self {
            Self::Sum { points, .. } => points
                .iter_mut()
                .for_each(|point| fill(Some(&mut point.start_unix_ns), &mut point.unix_ns)),
            Self::Gauge(points) => points
                .iter_mut()
                .for_each(|point| fill(None, &mut point.unix_ns)),
            Self::Histogram { points, .. } => points
                .iter_mut()
                .for_each(|point| fill(Some(&mut point.start_unix_ns), &mut point.unix_ns)),
            Self::ExponentialHistogram { points, .. } => points
                .iter_mut()
                .for_each(|point| fill(Some(&mut point.start_unix_ns), &mut point.unix_ns)),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::{AttributeValue, Counter, Gauge, Histogram, NumberValue};
    use super::*;
    use crate::metric::collect;

    static DECLARED: Counter<bool> = Counter::new("test.collect.declared", &["big"])
        .unit("{thing}")
        .description("Things.");
    static UNSET: Gauge = Gauge::new("test.collect.unset", &[]);
    static SIZES: Histogram<bool> = Histogram::new("test.collect.sizes", &["big"]).buckets(&[1.0]);

    #[test]
    fn every_series_is_there_before_its_first_value_but_for_gauges() {
        DECLARED.instrument().register();
        UNSET.instrument().register();
        SIZES.instrument().register();
        let interval = Interval {
            start_unix_ns: 5,
            unix_ns: 7,
        };
        let metrics = collect(interval);
        let metric = metrics.metric("test.collect.declared").unwrap();
        assert_eq!(
            (&*metric.unit, &*metric.description),
            ("{thing}", "Things.")
        );
        let Points::Sum {
            points,
            is_monotonic: true,
            ..
        } = &metric.points
        else {
            panic!("{metric:?}");
        };
        let big = |value| vec![(Cow::Borrowed("big"), AttributeValue::Bool(value))];
        assert_eq!(points[0].attributes, big(false));
        assert_eq!(points[1].attributes, big(true));
        assert_eq!(points[1].value, NumberValue::Int(0));
        assert_eq!(points[1].start_unix_ns, 5);
        assert!(points[1].unix_ns > 7);
        let unset = metrics.metric("test.collect.unset").unwrap();
        assert_eq!(unset.points, Points::Gauge(Vec::new()));
        let sizes = metrics.metric("test.collect.sizes").unwrap();
        let Points::Histogram { points, .. } = &sizes.points else {
            panic!("{sizes:?}");
        };
        assert_eq!(
            (points.len(), points[0].count(), points[0].min),
            (2, 0, None)
        );
    }
}
