//! The telemetry of every command.

use std::io::{self, IsTerminal};
use std::time::Duration;

use otel_runtime::{Config, ConfigError, Loss, Stats, Telemetry, install};
use resource_api::telemetry::Layout;

use crate::console::say;
use crate::endpoint::Endpoint;

/// How long the end of the program waits for telemetry to be delivered.
pub(crate) const DELIVERY_TIMEOUT: Duration = Duration::from_secs(10);

/// What the environment asks for.
pub(crate) fn config() -> Result<Config, String> {
    let config = Config::from_env_if_asked().map_err(|error| one_line(&error))?;
    Ok(config
        .default_service_name(env!("CARGO_PKG_NAME"))
        // most of a query is waiting for SQLite's thread: the tree shows how much
        .busy_time(true))
}

/// Starts it, with the endpoint at `metrics`, if there is to be one.
pub(crate) fn start(mut config: Config, metrics: Option<&str>) -> Result<Telemetry, String> {
    let endpoint = metrics.map(Endpoint::listen).transpose()?;
    let url = endpoint.as_ref().map(Endpoint::url);
    if let Some(endpoint) = endpoint {
        config = config.with_exporter(endpoint.exporter());
    }
    let telemetry = install(config).map_err(|error| error.to_string())?;
    match url {
        Some(_) if telemetry.metrics().list.is_empty() => {
            let why = "nobody answers at --metrics: telemetry is turned off";
            say("warning", why);
        }
        Some(url) => say("metrics", &url),
        None => {}
    }
    Ok(telemetry)
}

/// The figures at an end, and what was lost.
pub(crate) fn delivered(outcome: Result<Stats, Loss>) -> (Stats, Option<Loss>) {
    match outcome {
        Ok(stats) => (stats, None),
        Err(loss) => (loss.stats().clone(), Some(loss)),
    }
}

/// For people or for programs.
pub(crate) fn layout() -> Layout {
    match io::stdout().is_terminal() {
        true => Layout::Columns,
        false => Layout::Tabs,
    }
}

fn one_line(error: &ConfigError) -> String {
    let problems: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
    problems.join("; ")
}
