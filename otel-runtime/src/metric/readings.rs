//! All metrics, each read when somebody looks at it.
//!
//! Instruments of one name become one metric. A function's calls and durations
//! are one reading, so that they agree.

use std::collections::HashSet;
use std::time::Instant;

use super::call_counter::counter;
use super::collect::{Interval, metric};
use super::data::{Metric, Metrics, Points};
use super::instrument::{Instrument, instruments};
use super::merge::{Draft, Merged, Part};
use super::overflow;
use super::points::points_of;
use super::rounds::{self, Round, longest_round};
use super::series::SeriesCounts;

/// Everything that all instruments have counted since the interval began, and what all sources say
/// now; waits for them, but not longer than five seconds.
pub(crate) fn collect(interval: Interval) -> Metrics {
    Readings::begin(interval).all()
}

/// The same with what the sources have said in a round, which is waited for until the deadline.
pub(crate) fn collect_by(interval: Interval, round: Round, deadline: Instant) -> Metrics {
    Readings::by(interval, round, deadline).all()
}

/// The same with what the sources of the program said when they were last asked: nobody waits.
pub(crate) fn collect_known(interval: Interval) -> Metrics {
    Readings::with(interval, &rounds::last()).all()
}

/// Metrics that are read one by one, so that never all points are there at once.
#[derive(Debug)]
pub(crate) struct Readings {
    interval: Interval,
    drafts: Vec<Option<Draft>>,
    outlines: Vec<Metric>,
    series: Option<SeriesCounts>,
}

impl Readings {
    /// Waits for what sources have to say, but not longer than five seconds.
    pub(crate) fn begin(interval: Interval) -> Self {
        Self::by(interval, rounds::begin(), Instant::now() + longest_round())
    }

    fn by(interval: Interval, round: Round, deadline: Instant) -> Self {
        Self::with(interval, &round.wait(deadline))
    }

    fn with(interval: Interval, observed: &[Metric]) -> Self {
        let interval = interval.to_now();
        let mut merged = Merged::default();
        // The list begins with the last one; the first that was registered describes the metric.
        let mut all: Vec<&'static Instrument> = instruments().collect();
        all.reverse();
        let mut functions = HashSet::new();
        for instrument in all {
            let spec = instrument.spec();
            let mut outline = metric(spec, Points::none(spec));
            let Some(endings) = spec.endings() else {
                merged.add_unread(outline, instrument);
                continue;
            };
            // One reading makes two metrics, which agree.
            outline.points = points_of(instrument, interval);
            let calls = counter(endings, &outline);
            outline.points.leave_out_errors_never_seen();
            let function = spec.calls.map(|calls| calls.site.name());
            // A crate may be there in two versions, with the same functions.
            if functions.insert((spec.name, function)) {
                merged.add(calls);
                merged.add(outline);
            } else {
                merged.add_again(calls);
                merged.add_again(outline);
            }
        }
        let mut add = |mut metric: Metric| {
            metric.points.fill_in(interval);
            merged.add_again(metric);
        };
        rounds::own(&mut add);
        observed.iter().cloned().for_each(add);
        let drafts: Vec<_> = merged.into_drafts().map(Some).collect();
        let series = SeriesCounts::new(interval);
        let outlines = drafts.iter().flatten().map(|draft| draft.outline.clone());
        Self {
            interval,
            outlines: outlines
                .chain(series.is_some().then(SeriesCounts::outline))
                .collect(),
            drafts,
            series,
        }
    }

    /// Every metric without its points, by name; the last one may be about the others.
    #[cfg(feature = "prometheus")]
    pub(crate) fn outlines(&self) -> &[Metric] {
        &self.outlines
    }

    /// The metric at this place of the outlines. A second time it has no points.
    pub(crate) fn read(&mut self, place: usize) -> Metric {
        let draft = match self.drafts.get_mut(place) {
            Some(draft) => draft.take(),
            None => match &mut self.series {
                Some(series) => return series.metric(),
                None => None,
            },
        };
        let Some(draft) = draft else {
            return self.outlines[place].clone();
        };
        let mut metric = draft.outline;
        let mut has_doubles = draft.has_doubles;
        for part in draft.parts {
            let points = match part {
                Part::Unread(instrument) => points_of(instrument, self.interval),
                Part::Read(points) => points,
            };
            has_doubles |= overflow::is_among(&points);
            metric.points.extend(points);
        }
        if has_doubles {
            metric.points.join_doubles();
        }
        if let Some(series) = &mut self.series {
            series.add(&metric);
        }
        metric
    }

    fn all(mut self) -> Metrics {
        let places = 0..self.outlines.len();
        let mut list: Vec<_> = places.map(|place| self.read(place)).collect();
        // That of the series comes last, and there is none without other metrics.
        if self.series.is_some() && list.last().is_some_and(|last| last.points.is_empty()) {
            list.pop();
        }
        Metrics { list }
    }
}
