//! What was recorded, for whoever reads.

use std::borrow::Cow;

use super::known::{KNOWN, Known, OWNER, Sort};
use crate::metric::{self, Metric, Points, Source};

/// All series of the recorder.
#[derive(Debug)]
pub(super) struct Recorded;

impl Source for Recorded {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        let known = KNOWN.made();
        for mut metric in metric::loose_metrics(OWNER) {
            describe(&mut metric, known);
            give(metric);
        }
    }
}

fn describe(metric: &mut Metric, known: &Known) {
    let sort = match metric.points {
        Points::Sum { .. } => Sort::Counter,
        Points::Gauge(_) => Sort::Gauge,
        Points::Histogram { .. } | Points::ExponentialHistogram { .. } => Sort::Histogram,
    };
    if let Some(description) = known.description(sort, &metric.name) {
        metric.unit = Cow::Borrowed(description.unit);
        metric.description = Cow::Owned(description.text.into_owned());
    }
}
