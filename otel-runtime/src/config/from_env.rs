//! From the environment's settings to a [`Config`].

use std::ffi::OsString;
#[cfg(feature = "otlp")]
use std::time::Duration;

use super::env::{self, DefaultExporter, Features, LogLevel, Settings, Vars};
use super::{Config, ConfigError};

#[cfg(feature = "otlp")]
use super::env::{BatchSettings, OtlpSettings, Temporality};
#[cfg(feature = "otlp")]
use super::exporters::OtlpWish;
#[cfg(feature = "lines")]
use crate::export::lines::LinesExporter;
#[cfg(feature = "otlp")]
use crate::export::otlp::{BatchConfig, RetryConfig, TemporalityPreference};
#[cfg(feature = "prometheus")]
use crate::export::prometheus::PrometheusExporter;
#[cfg(feature = "terminal")]
use crate::export::terminal::{TerminalExporter, TerminalMetricsExporter};
#[cfg(feature = "otlp")]
use crate::stats::Signal;

impl Config {
    /// What the `OTEL_*` environment variables say.
    ///
    /// All variables of the
    /// [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
    /// that concern traces, metrics and logs are read; `docs/configuration.md` lists them. If
    /// nothing is set, all go over OTLP to this machine, provided that the
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

    /// As [`Config::from_env`], but exports nothing unless `OTEL_TRACES_EXPORTER`,
    /// `OTEL_METRICS_EXPORTER`, `OTEL_LOGS_EXPORTER` or an OTLP endpoint is set.
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
            .limits(settings.limits)
            .log_limits(settings.log_limits);
        if let Some(redaction) = settings.redaction {
            config = config.redaction(redaction);
        }
        match settings.log_level {
            LogLevel::Unset => {}
            LogLevel::Silent => config = config.diagnostics(None),
            LogLevel::UpTo(level) => config = config.diagnostics(level),
        }
        for (key, value) in settings.resource_attributes {
            config = config.resource_attribute(key, value);
        }
        if let Some(propagators) = settings.propagators {
            config = config.propagators(propagators);
        }
        if let Some(sampler) = settings.sampler {
            config = config.sampler(sampler);
        }
        #[cfg(feature = "terminal")]
        if settings.console {
            config = config.with_exporter(TerminalExporter::stdout());
        }
        #[cfg(feature = "terminal")]
        if settings.console_metrics {
            config = config.with_exporter(TerminalMetricsExporter::stdout());
        }
        #[cfg(feature = "lines")]
        if settings.console_logs {
            config = config.with_exporter(LinesExporter::stdout());
        }
        #[cfg(feature = "prometheus")]
        if settings.prometheus {
            let host = settings.metrics.prometheus_host;
            let host = host.unwrap_or_else(|| "127.0.0.1".to_owned());
            let port = settings.metrics.prometheus_port.unwrap_or(9464);
            config = config.with_exporter(PrometheusExporter::new().address(host, port));
        }
        if let Some(interval) = settings.metrics.interval {
            config = config.metric_interval(interval);
        }
        if let Some(filter) = settings.metrics.exemplar_filter {
            config = config.exemplar_filter(filter);
        }
        #[cfg(feature = "otlp")]
        {
            let batch = settings.batch;
            if let Some(otlp) = settings.otlp {
                let wish = otlp_wish(Signal::Spans, otlp, batch.export_timeout);
                config.otlp.push(OtlpWish {
                    config: wish.config.batch(batch_config(batch)),
                    ..wish
                });
            }
            if let Some(otlp) = settings.otlp_logs {
                let mut batch = settings.log_batch;
                batch.schedule_delay = batch.schedule_delay.or(Some(LOG_DELAY));
                let wish = otlp_wish(Signal::Logs, otlp, batch.export_timeout);
                config.otlp.push(OtlpWish {
                    config: wish.config.batch(batch_config(batch)),
                    ..wish
                });
            }
            if let Some(otlp) = settings.otlp_metrics {
                let wish = otlp_wish(Signal::Points, otlp, settings.metrics.timeout);
                let temporality = temporality(settings.metrics.temporality);
                config.otlp.push(OtlpWish {
                    config: wish.config.temporality(temporality),
                    ..wish
                });
            }
        }
        config.warnings = settings.warnings;
        Ok(config)
    }
}

/// A batch of log records is sent when it has been open this long, as the specification has it:
/// people wait for them.
#[cfg(feature = "otlp")]
const LOG_DELAY: Duration = Duration::from_secs(1);

#[cfg(feature = "otlp")]
fn batch_config(batch: BatchSettings) -> BatchConfig {
    let mut config = BatchConfig::default();
    if let Some(delay) = batch.schedule_delay {
        config.schedule_delay = delay;
    }
    if let Some(items) = batch.max_queue_items {
        config.max_queue_size = items as usize;
        // a batch never holds more than the queue
        config.max_export_batch_size = config.max_export_batch_size.min(items as usize);
    }
    if let Some(items) = batch.max_batch_items {
        config.max_export_batch_size = items as usize;
    }
    config
}

/// `timeout` bounds the delivery of one batch or reading, retries included.
#[cfg(feature = "otlp")]
fn otlp_wish(signal: Signal, mut otlp: OtlpSettings, timeout: Option<Duration>) -> OtlpWish {
    let variables = std::mem::take(&mut otlp.variables);
    let mut retry = RetryConfig::default();
    if let Some(timeout) = timeout {
        retry.max_elapsed = timeout;
    }
    OtlpWish {
        signal,
        config: otlp.into_config().retry(retry),
        variables,
    }
}

#[cfg(feature = "otlp")]
const fn temporality(temporality: Temporality) -> TemporalityPreference {
    match temporality {
        Temporality::Cumulative => TemporalityPreference::Cumulative,
        Temporality::Delta => TemporalityPreference::Delta,
        Temporality::LowMemory => TemporalityPreference::LowMemory,
    }
}
