//! The logger.

use std::error::Error;
use std::fmt;

use log::{Log, Metadata, Record};
use otel_runtime::value::{Capture, Display};

use crate::fields::{Fields, Gathered};
use crate::places::{self, Place};
use crate::severity;

/// Takes what is logged with the `log` crate.
///
/// ```
/// use otelkit_log::Logger;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// Logger::new().install()?;
/// let telemetry = otel_runtime::install(otel_runtime::Config::from_env()?)?;
/// log::info!(items = 3; "order placed");
/// # drop(telemetry);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "a logger does nothing until it is installed"]
pub struct Logger {
    as_events: bool,
}

/// Another logger is set already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstallError(());

impl Logger {
    /// A logger whose records become log records.
    pub const fn new() -> Self {
        Self { as_events: false }
    }

    /// Records become events of the span in which they are logged: `log`, with the message, the
    /// severity and the target as attributes beside the key-values. Where no span is recorded they
    /// become log records.
    ///
    /// For receivers that know spans only. An event takes part in the limits of its span.
    pub const fn as_events(mut self) -> Self {
        self.as_events = true;
        self
    }

    /// Makes it the program's logger, and keeps `log`'s maximum level in step with the
    /// [filter](otel_runtime::log::LogFilter) of the installed runtime: what the filter does not hear
    /// costs its caller one load and a comparison.
    ///
    /// Whether a runtime is installed before or after does not matter.
    ///
    /// # Errors
    /// If there is another logger, which stays.
    pub fn install(self) -> Result<(), InstallError> {
        log::set_boxed_logger(Box::new(self)).map_err(|_| InstallError(()))?;
        otel_runtime::log::watch_filter(|least| log::set_max_level(severity::heard_from(least)));
        Ok(())
    }
}

impl Log for Logger {
    /// What the filter says of the target, as it does not know the line that asks.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        places::of_target(metadata.target()).is_enabled(severity::of(metadata.level()))
    }

    fn log(&self, record: &Record<'_>) {
        let place = places::of(record);
        if self.as_events && is_recording() {
            if place.site.is_enabled(severity::of(record.level())) {
                add_event(record);
            }
        } else {
            write(place, record);
        }
    }

    /// The runtime delivers on its own; its guard flushes.
    fn flush(&self) {}
}

/// The current span is one that is recorded here.
fn is_recording() -> bool {
    let span = otel_runtime::current_context();
    span.is_some_and(|span| span.is_sampled() && !span.is_remote)
}

fn write(place: Place, record: &Record<'_>) {
    place.site.log(severity::of(record.level()), |to| {
        to.body(*record.args());
        if place.is_shared {
            to.target(record.target());
        }
        if record.file_static().is_none() {
            to.location(
                record.module_path(),
                record.file(),
                record.line().unwrap_or(0),
            );
        }
        let _ = record.key_values().visit(&mut Fields(to));
    });
}

fn add_event(record: &Record<'_>) {
    let mut fields = Gathered::default();
    let _ = record.key_values().visit(&mut fields);
    let message = Display(record.args());
    let severity = severity::of(record.level()).as_str();
    let target = record.target();
    let mut attributes: Vec<(&str, &dyn Capture)> = vec![
        ("log.severity", &severity),
        ("log.message", &message),
        ("log.target", &target),
    ];
    for (key, value) in &fields.0 {
        attributes.push((key.as_str(), value));
    }
    otel_runtime::add_event("log", &attributes);
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another logger of the `log` crate is set already")
    }
}

impl Error for InstallError {}
