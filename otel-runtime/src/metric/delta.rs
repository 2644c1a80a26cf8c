//! From what was counted since the beginning to what was counted since last time.
//!
//! The instruments only know the former. Each exporter that wants the latter
//! keeps what it has seen of each series; runs on the collector thread.

use std::borrow::Cow;
use std::collections::HashMap;

use super::data::{
    Attributes, Exemplar, ExponentialPoint, HistogramPoint, Metric, Metrics, NumberPoint,
    NumberValue, Points, Temporality,
};

/// What an exporter has seen.
#[derive(Debug, Default)]
pub(crate) struct Deltas {
    numbers: Seen<NumberPoint>,
    histograms: Seen<HistogramPoint>,
    exponentials: Seen<ExponentialPoint>,
}

/// The latest points of each metric.
#[derive(Debug)]
struct Seen<P>(HashMap<Key, HashMap<Attributes, P>>);

/// A metric: its name, its unit, and the bits of its boundaries, since one name may have several.
type Key = (Cow<'static, str>, Cow<'static, str>, Vec<u64>);

/// A point that can be counted from another one on.
trait Since: Clone {
    fn attributes(&self) -> &Attributes;

    /// What came after `before`; `None` if that is nothing, and all of it if it does not follow
    /// from `before`: the series began anew.
    fn since(&self, before: &Self) -> Option<Self>;
}

impl Deltas {
    /// The same metrics, counted from the last call on; sums that can fall, and gauges, stay as
    /// they are. Series that were shown before and have not changed are left out.
    pub(crate) fn take(&mut self, metrics: &Metrics) -> Metrics {
        let since = metrics.list.iter().map(|metric| Metric {
            name: metric.name.clone(),
            unit: metric.unit.clone(),
            description: metric.description.clone(),
            scope: metric.scope.clone(),
            points: self.points(metric),
        });
        Metrics {
            list: since.collect(),
        }
    }

    fn points(&mut self, metric: &Metric) -> Points {
        let temporality = Temporality::Delta;
        match &metric.points {
            Points::Sum {
                is_monotonic: true,
                points,
                ..
            } => Points::Sum {
                is_monotonic: true,
                temporality,
                points: self.numbers.take(metric, points),
            },
            Points::Histogram {
                boundaries, points, ..
            } => Points::Histogram {
                temporality,
                boundaries: boundaries.clone(),
                points: self.histograms.take(metric, points),
            },
            Points::ExponentialHistogram { points, .. } => Points::ExponentialHistogram {
                temporality,
                points: self.exponentials.take(metric, points),
            },
            Points::Gauge(_) | Points::Sum { .. } => metric.points.clone(),
        }
    }
}

impl<P: Since> Seen<P> {
    fn take(&mut self, metric: &Metric, points: &[P]) -> Vec<P> {
        let boundaries = match &metric.points {
            Points::Histogram { boundaries, .. } => &**boundaries,
            _ => &[],
        };
        let bits = boundaries.iter().map(|boundary| boundary.to_bits());
        let key = (metric.name.clone(), metric.unit.clone(), bits.collect());
        let mut before = self.0.remove(&key).unwrap_or_default();
        let mut now = HashMap::new();
        let since = points.iter().filter_map(|point| {
            let attributes = point.attributes();
            let (seen, since) = match before.remove(attributes) {
                Some(before) => match point.since(&before) {
                    // What has gone into the sum and not yet into a bucket is shown with it.
                    None => (before, None),
                    since => (point.clone(), since),
                },
                None => (point.clone(), Some(point.clone())),
            };
            now.insert(attributes.clone(), seen);
            since
        });
        let since = since.collect();
        self.0.insert(key, now);
        since
    }
}

impl<P> Default for Seen<P> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl Since for NumberPoint {
    fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    fn since(&self, before: &Self) -> Option<Self> {
        let follows = self.start_unix_ns == before.start_unix_ns;
        if follows && self.value == before.value {
            return None;
        }
        let value = match (self.value, before.value) {
            (NumberValue::Int(now), NumberValue::Int(before)) if follows && now >= before => {
                NumberValue::Int(now - before)
            }
            (NumberValue::Double(now), NumberValue::Double(before)) if follows && now >= before => {
                NumberValue::Double(now - before)
            }
            _ => return Some(self.clone()),
        };
        Some(Self {
            start_unix_ns: before.unix_ns,
            value,
            exemplars: later(&self.exemplars, before.unix_ns),
            ..self.clone()
        })
    }
}

impl Since for HistogramPoint {
    fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    fn since(&self, before: &Self) -> Option<Self> {
        let follows =
            self.start_unix_ns == before.start_unix_ns && self.counts.len() == before.counts.len();
        let Some(counts) = follows
            .then(|| difference(&self.counts, &before.counts))
            .flatten()
        else {
            return Some(self.clone());
        };
        counts.iter().any(|count| *count > 0).then(|| Self {
            start_unix_ns: before.unix_ns,
            sum: self.sum - before.sum,
            // only those since the beginning are known
            min: None,
            max: None,
            counts,
            exemplars: later(&self.exemplars, before.unix_ns),
            ..self.clone()
        })
    }
}

impl Since for ExponentialPoint {
    fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    fn since(&self, before: &Self) -> Option<Self> {
        let scale = self.scale.min(before.scale);
        let (now_offset, now) = self.rescaled(scale);
        let (before_offset, earlier) = before.rescaled(scale);
        // what was counted before has a place in the buckets of now, or the series began anew
        let place = usize::try_from(i64::from(before_offset) - i64::from(now_offset)).ok();
        let earlier = match place {
            _ if earlier.is_empty() => Some(vec![0; now.len()]),
            Some(place) if place + earlier.len() <= now.len() => {
                let mut padded = vec![0; now.len()];
                padded[place..place + earlier.len()].copy_from_slice(&earlier);
                Some(padded)
            }
            _ => None,
        };
        let zero_count = self.zero_count.checked_sub(before.zero_count);
        let follows = self.start_unix_ns == before.start_unix_ns;
        let counts = earlier.and_then(|earlier| difference(&now, &earlier));
        let (true, Some(mut counts), Some(zero_count)) = (follows, counts, zero_count) else {
            return Some(self.clone());
        };
        let first = counts.iter().position(|count| *count > 0);
        let last = counts.iter().rposition(|count| *count > 0);
        let mut offset = 0;
        match (first, last) {
            (Some(first), Some(last)) => {
                counts.truncate(last + 1);
                counts.drain(..first);
                offset = now_offset + first as i32;
            }
            _ if zero_count == 0 => return None,
            _ => counts.clear(),
        }
        Some(Self {
            start_unix_ns: before.unix_ns,
            sum: self.sum - before.sum,
            min: None,
            max: None,
            scale,
            zero_count,
            offset,
            counts,
            exemplars: later(&self.exemplars, before.unix_ns),
            ..self.clone()
        })
    }
}

/// Those after this time.
fn later(exemplars: &[Exemplar], unix_ns: u64) -> Vec<Exemplar> {
    let later = exemplars
        .iter()
        .filter(|exemplar| exemplar.unix_ns > unix_ns);
    later.copied().collect()
}

/// `None` if something has become less.
fn difference(now: &[u64], before: &[u64]) -> Option<Vec<u64>> {
    now.iter()
        .zip(before)
        .map(|(now, before)| now.checked_sub(*before))
        .collect()
}

#[cfg(all(test, not(loom)))]
#[path = "delta_tests.rs"]
mod tests;
