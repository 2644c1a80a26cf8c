//! From the environment's settings to a [`Config`].

use std::ffi::OsString;

use super::env::{self, DefaultExporter, Features, Settings, Vars};
use super::{Config, ConfigError};

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
    /// let config = otel_runtime::Config::from_env()?.service_name("checkout");
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
        for (key, value) in settings.resource_attributes {
            config = config.resource_attribute(key, value);
        }
        if let Some(sampler) = settings.sampler {
            config = config.sampler(sampler);
        }
        config.warnings = settings.warnings;
        Ok(config)
    }
}
