//! What comes from other processes, and goes to them.

use super::{Config, ConfigProblem};
use crate::context::is_baggage_key;
use crate::propagation::Propagator;

/// What is read and written, and what spans say of it.
#[derive(Clone, Debug)]
pub(crate) struct Propagation {
    pub(crate) propagators: Vec<Propagator>,
    pub(crate) baggage_attributes: Vec<String>,
}

impl Config {
    /// The formats in which contexts come from and go to other processes, in this order; W3C Trace
    /// Context and Baggage by default. `OTEL_PROPAGATORS`.
    ///
    /// All of them are written. All are read, and of those that name a parent the last one wins.
    ///
    /// ```
    /// use otel_runtime::{Config, propagation::Propagator};
    ///
    /// // callers that have not been moved to W3C yet
    /// let config = Config::new()
    ///     .propagators([Propagator::B3Multi, Propagator::TraceContext, Propagator::Baggage]);
    /// // nothing is read or written
    /// let closed = Config::new().propagators([]);
    /// # let _ = (config, closed);
    /// ```
    pub fn propagators(mut self, propagators: impl IntoIterator<Item = Propagator>) -> Self {
        self.propagation.propagators = propagators.into_iter().collect();
        self
    }

    /// The keys of [`Baggage`](crate::Baggage) that become attributes of every span which begins
    /// where the baggage has them; none by default.
    ///
    /// An attribute that the span sets itself under the same key wins. Spans below such baggage
    /// cost a look at it, and a copy; others cost the same as ever.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().baggage_attributes(["tenant.id"]);
    /// # let _ = config;
    /// ```
    pub fn baggage_attributes<K: Into<String>>(
        mut self,
        keys: impl IntoIterator<Item = K>,
    ) -> Self {
        self.propagation.baggage_attributes = keys.into_iter().map(Into::into).collect();
        self
    }
}

impl Propagation {
    /// Keys that no baggage can have.
    pub(super) fn problems(&self) -> impl Iterator<Item = ConfigProblem> {
        let wrong = self
            .baggage_attributes
            .iter()
            .filter(|key| !is_baggage_key(key));
        wrong.map(|key| {
            let reason = "expected a key of baggage: a token of HTTP";
            ConfigProblem::new("Config::baggage_attributes", reason).with_value(key)
        })
    }
}

impl Default for Propagation {
    fn default() -> Self {
        Self {
            propagators: Propagator::DEFAULT.into(),
            baggage_attributes: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_baggage_has_is_an_error() {
        let config = Config::new().baggage_attributes(["tenant.id", "tenant id", ""]);
        let error = config.validate().unwrap_err();
        let values: Vec<_> = error.problems().iter().map(ConfigProblem::value).collect();
        assert_eq!(values, [Some("tenant id"), Some("")]);
    }
}
