//! What the configuration says nobody shall see.

use super::{Config, ConfigProblem};
use crate::redact::Redaction;

impl Config {
    /// What is hidden before any exporter sees it; [`Redaction::credentials`] by default.
    /// `OTELKIT_REDACTION`.
    ///
    /// ```
    /// use otel_runtime::Config;
    /// use otel_runtime::redact::{Pattern, Redact, Redaction};
    ///
    /// let redaction = Redaction::credentials().pattern(Pattern::Email, Redact::Hash);
    /// let config = Config::new().redaction(redaction);
    /// # let _ = config;
    /// ```
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
    }

    pub(super) fn redaction_problems(&self) -> impl Iterator<Item = ConfigProblem> {
        self.redaction.refused().iter().map(|name| {
            ConfigProblem::new("Config::redaction", name.reason).with_value(&*name.name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Redact;

    #[test]
    fn a_name_that_names_nothing_is_told() {
        let redaction = Redaction::none()
            .name("", Redact::Mask)
            .name("a b", Redact::Drop);
        let error = Config::new().redaction(redaction).validate().unwrap_err();
        let [empty, spaced] = error.problems() else {
            panic!("{error}");
        };
        assert_eq!(
            (empty.key(), empty.value()),
            ("Config::redaction", Some(""))
        );
        assert_eq!(spaced.value(), Some("a b"));
    }
}
