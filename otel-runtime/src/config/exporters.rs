//! The exporters a configuration stands for.
//!
//! OTLP's settings are kept as settings until `install`, so that all that is
//! wrong with them is told together with everything else.

use super::{Config, ConfigError};
use crate::export::Exporter;

#[cfg(feature = "otlp")]
use super::ConfigProblem;
#[cfg(feature = "otlp")]
use crate::export::otlp::{OtlpConfig, OtlpConfigError, OtlpExporter};

/// An OTLP exporter to be.
#[cfg(feature = "otlp")]
#[derive(Clone, Debug)]
pub(super) struct OtlpWish {
    pub(super) config: OtlpConfig,
    /// Which environment variables its settings came from.
    pub(super) variables: Vec<(&'static str, &'static str)>,
}

impl Config {
    /// Adds an exporter; every exporter gets every span.
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
    pub fn with_otlp(mut self, config: OtlpConfig) -> Self {
        let variables = Vec::new();
        self.otlp.push(OtlpWish { config, variables });
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
                let OtlpWish { config, variables } = wish;
                match OtlpExporter::new(config) {
                    Ok(exporter) => exporters.push(Box::new(exporter)),
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
