//! What the `metrics` crate gives values to.

use metrics::{CounterFn, GaugeFn, HistogramFn};

use crate::metric::LooseSeries as Series;
use crate::stats;

/// One series of whatever kind its values are given as; `None` if there is no room for it.
#[derive(Debug)]
pub(super) struct Handle(pub(super) Option<&'static Series>);

impl Handle {
    #[inline(always)]
    fn with(&self, give: impl FnOnce(&'static Series)) {
        match self.0 {
            Some(series) => give(series),
            None => stats::lose_value(),
        }
    }
}

impl CounterFn for Handle {
    fn increment(&self, value: u64) {
        self.with(|series| series.raise(value));
    }

    fn absolute(&self, value: u64) {
        self.with(|series| series.lift(value));
    }
}

impl GaugeFn for Handle {
    fn increment(&self, value: f64) {
        self.with(|series| series.change(value));
    }

    fn decrement(&self, value: f64) {
        self.with(|series| series.change(-value));
    }

    fn set(&self, value: f64) {
        self.with(|series| series.set(value));
    }
}

impl HistogramFn for Handle {
    fn record(&self, value: f64) {
        self.with(|series| series.record(value));
    }
}
