//! Series whose labels change after they were read.

use super::data::{Attributes, Metrics, Points};

impl Metrics {
    /// Changes the labels of every series; `change` says if it did. Series that have the same labels
    /// then become one: the sum of them, or of a gauge, the last one.
    pub(crate) fn relabel(&mut self, mut change: impl FnMut(&mut Attributes) -> bool) {
        for metric in &mut self.list {
            let mut has_changed = false;
            metric
                .points
                .each_attributes(|attributes| has_changed |= change(attributes));
            if has_changed {
                metric.points.join_doubles();
            }
        }
    }
}

impl Points {
    fn each_attributes(&mut self, each: impl FnMut(&mut Attributes)) {
        match self {
            Self::Sum { points, .. } | Self::Gauge(points) => {
                points
                    .iter_mut()
                    .map(|it| &mut it.attributes)
                    .for_each(each);
            }
            Self::Histogram { points, .. } => {
                points
                    .iter_mut()
                    .map(|it| &mut it.attributes)
                    .for_each(each);
            }
            Self::ExponentialHistogram { points, .. } => {
                points
                    .iter_mut()
                    .map(|it| &mut it.attributes)
                    .for_each(each);
            }
        }
    }
}
