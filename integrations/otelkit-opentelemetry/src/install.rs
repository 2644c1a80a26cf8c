//! One call that sets all that the API has of globals.

use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use opentelemetry::global;
use otel_runtime::context::set_mirror;

use crate::meter::MeterProvider;
use crate::mirror::Shows;
use crate::observer;
use crate::propagator::Propagator;
use crate::tracer::TracerProvider;

/// How OtelKit serves the OpenTelemetry API.
///
/// ```
/// use otelkit_opentelemetry::Bridge;
///
/// # fn main() -> Result<(), otelkit_opentelemetry::InstallError> {
/// Bridge::new().install()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a bridge does nothing until it is installed"]
pub struct Bridge {
    shows_spans: bool,
}

/// Why the bridge could not be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstallError {
    /// It is installed already, and goes on.
    AlreadyInstalled,
    /// Something else observes the API's contexts, and there can be one observer. Nothing has been
    /// set.
    ObserverTaken,
    /// Another bridge is the mirror of the runtime. Nothing has been set.
    MirrorTaken,
}

/// Serves the OpenTelemetry API: the same as [`Bridge::new()`](Bridge::new) and
/// [`install`](Bridge::install).
///
/// # Errors
/// As those of [`Bridge::install`].
pub fn install() -> Result<(), InstallError> {
    Bridge::new().install()
}

impl Bridge {
    /// All of it.
    pub const fn new() -> Self {
        Self { shows_spans: true }
    }

    /// Keeps spans of annotated functions out of the API's current context.
    ///
    /// They then cost what they do without the bridge. Spans that a library starts are still
    /// children of the current one, and so are requests that it sends with the global propagator; but
    /// a context that it takes with it to another thread or task (`Context::current()`,
    /// `FutureExt::with_current_context`) leads to the nearest span that was begun with the API.
    pub const fn hide_spans(mut self) -> Self {
        self.shows_spans = false;
        self
    }

    /// Sets the API's global tracer provider, meter provider and propagator, observes its contexts,
    /// and shows it our spans. To be called once, when the program starts; whether a runtime is
    /// installed before or after does not matter, or that it is shut down and installed again.
    ///
    /// # Errors
    /// If the bridge is installed already, or if something else takes one of its places. Nothing has
    /// been changed then.
    pub fn install(self) -> Result<(), InstallError> {
        static IS_INSTALLED: Mutex<bool> = Mutex::new(false);
        let mut is_installed = IS_INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_installed {
            return Err(InstallError::AlreadyInstalled);
        }
        if !observer::start() {
            return Err(InstallError::ObserverTaken);
        }
        if self.shows_spans && !set_mirror(&Shows) {
            return Err(InstallError::MirrorTaken);
        }
        *is_installed = true;
        global::set_tracer_provider(TracerProvider::new());
        global::set_meter_provider(MeterProvider::new());
        global::set_text_map_propagator(Propagator::new());
        Ok(())
    }
}

impl Default for Bridge {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyInstalled => "the bridge to the OpenTelemetry API is installed already",
            Self::ObserverTaken => {
                "something else observes the contexts of the OpenTelemetry API, and there can be \
                 one observer"
            }
            Self::MirrorTaken => "another bridge shows the runtime's spans, and there can be one",
        })
    }
}

impl Error for InstallError {}
