//! From the environment's settings to a [`Config`].

use std::ffi::OsString;

use super::env::{self, DefaultExporter, Features, LogLevel, Settings, Vars};
use super::{Config, ConfigError};

#[cfg(feature = "otlp")]
use super::env::BatchSettings;
#[cfg(feature = "otlp")]
use super::exporters::OtlpWish;
#[cfg(feature = "otlp")]
use crate::export::otlp::{BatchConfig, RetryConfig};
#[cfg(feature = "terminal")]
use crate::export::terminal::TerminalExporter;

impl Config {
    /// What the `OTEL_*` environment variables say.
    ///
    /// All variables of the
    /// [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
    /// that concern traces are read; `docs/configuration.md` lists them. If
    /// nothing is set, spans go over OTLP to this machine, provided that the
    /// feature is on.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), otel_runtime::ConfigError> {
    /// let config = otel_runtime::Config::from_env()?.default_service_name("checkout");
    /// # let _ = config;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If any value is not allowed. The error holds every such value, with
    /// what is allowed; none is replaced by a default.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_vars(std::env::vars_os())
    }

    /// As [`Config::from_env`], but exports nothing unless
    /// `OTEL_TRACES_EXPORTER` or an OTLP endpoint is set.
    ///
    /// This suits a tool that people run where no collector is.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), otel_runtime::ConfigError> {
    /// let config = otel_runtime::Config::from_env_if_asked()?;
    /// # let _ = config;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_env_if_asked() -> Result<Self, ConfigError> {
        let vars = Vars::from_pairs(std::env::vars_os());
        Self::from_settings(env::parse(
            &vars,
            Features::BUILT,
            DefaultExporter::OtlpIfAsked,
        )?)
    }

    /// As [`Config::from_env`], with these variables instead of the process's.
    ///
    /// ```
    /// # fn main() -> Result<(), otel_runtime::ConfigError> {
    /// use otel_runtime::Config;
    ///
    /// let config = Config::from_vars([("OTEL_SERVICE_NAME", "checkout")])?;
    /// # let _ = config;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_vars<N, V>(vars: impl IntoIterator<Item = (N, V)>) -> Result<Self, ConfigError>
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let vars = Vars::from_pairs(vars);
        Self::from_settings(env::parse(&vars, Features::BUILT, DefaultExporter::Otlp)?)
    }

    fn from_settings(settings: Settings) -> Result<Self, ConfigError> {
        let mut config = Self::new()
            .disabled(settings.disabled)
            .limits(settings.limits);
        match settings.log_level {
            LogLevel::Unset => {}
            LogLevel::Silent => config = config.diagnostics(None),
            LogLevel::UpTo(level) => config = config.diagnostics(level),
        }
        for (key, value) in settings.resource_attributes {
            config = config.resource_attribute(key, value);
        }
        if let Some(sampler) = settings.sampler {
            config = config.sampler(sampler);
        }
        #[cfg(feature = "terminal")]
        if settings.console {
            config = config.with_exporter(TerminalExporter::stdout());
        }
        #[cfg(feature = "otlp")]
        if let Some(mut otlp) = settings.otlp {
            let variables = std::mem::take(&mut otlp.variables);
            let (batch, retry) = (batch_config(settings.batch), retry_config(settings.batch));
            let config_of_otlp = otlp.into_config().batch(batch).retry(retry);
            config.otlp.push(OtlpWish {
                config: config_of_otlp,
                variables,
            });
        }
        config.warnings = settings.warnings;
        Ok(config)
    }
}

#[cfg(feature = "otlp")]
fn batch_config(batch: BatchSettings) -> BatchConfig {
    let mut config = BatchConfig::default();
    if let Some(delay) = batch.schedule_delay {
        config.schedule_delay = delay;
    }
    if let Some(spans) = batch.max_queue_spans {
        config.max_queue_size = spans as usize;
        // a batch never holds more than the queue
        config.max_export_batch_size = config.max_export_batch_size.min(spans as usize);
    }
    if let Some(spans) = batch.max_batch_spans {
        config.max_export_batch_size = spans as usize;
    }
    config
}

#[cfg(feature = "otlp")]
fn retry_config(batch: BatchSettings) -> RetryConfig {
    let mut config = RetryConfig::default();
    if let Some(timeout) = batch.export_timeout {
        config.max_elapsed = timeout;
    }
    config
}
