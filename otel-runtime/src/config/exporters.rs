//! The exporters a configuration stands for.
//!
//! OTLP's settings are kept as settings until `install`, so that all that is
//! wrong with them is told together with everything else.

use super::{Config, ConfigError};
use crate::export::Exporter;

#[cfg(feature = "otlp")]
use super::ConfigProblem;
#[cfg(feature = "otlp")]
use crate::export::otlp::{
    OtlpConfig, OtlpConfigError, OtlpExporter, OtlpLogsExporter, OtlpMetricsExporter,
};
#[cfg(feature = "otlp")]
use crate::stats::Signal;

/// An OTLP exporter to be.
#[cfg(feature = "otlp")]
#[derive(Clone, Debug)]
pub(super) struct OtlpWish {
    pub(super) signal: Signal,
    pub(super) config: OtlpConfig,
    /// Which environment variables its settings came from.
    pub(super) variables: Vec<(&'static str, &'static str)>,
}

impl Config {
    /// Adds an exporter; every exporter gets every span, and every log record if it takes them.
    pub fn with_exporter(mut self, exporter: impl Exporter + 'static) -> Self {
        self.exporters.push(Box::new(exporter));
        self
    }

    /// Adds an exporter that sends spans over OTLP.
    ///
    /// ```
    /// use otel_runtime::Config;
    /// use otel_runtime::export::otlp::OtlpConfig;
    ///
    /// let otlp = OtlpConfig::new().endpoint("http://collector:4318");
    /// let config = Config::new().with_otlp(otlp);
    /// # let _ = config;
    /// ```
    #[cfg(feature = "otlp")]
    pub fn with_otlp(self, config: OtlpConfig) -> Self {
        self.with_wish(Signal::Spans, config)
    }

    /// Adds an exporter that sends metrics over OTLP, each [`metric_interval`](Self::metric_interval).
    ///
    /// ```
    /// use otel_runtime::Config;
    /// use otel_runtime::export::otlp::OtlpConfig;
    ///
    /// let otlp = OtlpConfig::new().endpoint("http://collector:4318");
    /// let config = Config::new().with_otlp(otlp.clone()).with_otlp_metrics(otlp);
    /// # let _ = config;
    /// ```
    #[cfg(feature = "otlp")]
    pub fn with_otlp_metrics(self, config: OtlpConfig) -> Self {
        self.with_wish(Signal::Points, config)
    }

    /// Adds an exporter that sends log records over OTLP.
    ///
    /// ```
    /// use otel_runtime::Config;
    /// use otel_runtime::export::otlp::OtlpConfig;
    ///
    /// let otlp = OtlpConfig::new().endpoint("http://collector:4318");
    /// let config = Config::new().with_otlp(otlp.clone()).with_otlp_logs(otlp);
    /// # let _ = config;
    /// ```
    #[cfg(feature = "otlp")]
    pub fn with_otlp_logs(self, config: OtlpConfig) -> Self {
        self.with_wish(Signal::Logs, config)
    }

    #[cfg(feature = "otlp")]
    fn with_wish(mut self, signal: Signal, config: OtlpConfig) -> Self {
        self.otlp.push(OtlpWish {
            signal,
            config,
            variables: Vec::new(),
        });
        self
    }

    /// Makes the exporters. Reads certificates, opens no connection.
    pub(crate) fn take_exporters(&mut self) -> Result<Vec<Box<dyn Exporter>>, ConfigError> {
        #[cfg_attr(not(feature = "otlp"), expect(unused_mut, reason = "nothing is added"))]
        let mut exporters = std::mem::take(&mut self.exporters);
        #[cfg(feature = "otlp")]
        {
            let mut problems = Vec::new();
            for wish in std::mem::take(&mut self.otlp) {
                let OtlpWish {
                    signal,
                    config,
                    variables,
                } = wish;
                let exporter: Result<Box<dyn Exporter>, _> = match signal {
                    Signal::Spans => OtlpExporter::new(config).map(|it| Box::new(it) as _),
                    Signal::Points => OtlpMetricsExporter::new(config).map(|it| Box::new(it) as _),
                    Signal::Logs => OtlpLogsExporter::new(config).map(|it| Box::new(it) as _),
                };
                match exporter {
                    Ok(exporter) => exporters.push(exporter),
                    Err(error) => problems.push(problem(&error, &variables)),
                }
            }
            if !problems.is_empty() {
                return Err(ConfigError::new(problems));
            }
        }
        Ok(exporters)
    }
}

#[cfg(feature = "otlp")]
impl OtlpWish {
    /// What is wrong with its settings, files not looked at.
    pub(super) fn problem(&self) -> Option<ConfigProblem> {
        let error = self.config.validate().err()?;
        Some(problem(&error, &self.variables))
    }
}

/// The problem under the name of the setting the user knows.
#[cfg(feature = "otlp")]
fn problem(error: &OtlpConfigError, variables: &[(&str, &'static str)]) -> ConfigProblem {
    let setting = error.setting();
    let variable = variables.iter().find(|(name, _)| *name == setting);
    let key = match variable {
        Some((_, variable)) => (*variable).to_owned(),
        None => format!("OtlpConfig::{setting}"),
    };
    let problem = ConfigProblem::new(key, error.problem());
    match error.value() {
        Some(value) => problem.with_value(value),
        None => problem,
    }
}
