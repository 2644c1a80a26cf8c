//! Reads and writes everything when somebody asks.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Format, family, written};
use crate::diagnostics;
use crate::metric::{Interval, Metric, Readings};
use crate::resource::Resource;
use crate::site::Level;
use crate::stats::{ExporterStats, LossCause};

/// Answers a scrape, for a program that serves `/metrics` with an HTTP server of its own.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use otel_runtime::export::prometheus::{Format, PrometheusExporter};
/// use otel_runtime::{Config, install};
///
/// let exporter = PrometheusExporter::new().without_endpoint();
/// let scraper = exporter.scraper();
/// let telemetry = install(Config::new().with_exporter(exporter))?;
///
/// // in the handler of `GET /metrics`, which knows what the scraper accepts
/// let format = Format::accepted("application/openmetrics-text; version=1.0.0, text/plain; q=0.5");
/// let (content_type, body) = (format.content_type(), scraper.scrape(format));
/// assert!(content_type.starts_with("application/openmetrics-text"));
/// assert!(body.ends_with(b"# EOF\n"));
/// # drop(telemetry);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Scraper(Arc<OnceLock<Answering>>);

struct Answering {
    resource: Resource,
    prefix: String,
    interval: Interval,
    stats: Arc<ExporterStats>,
    /// Metrics of which is said that they are not shown.
    told: Mutex<HashSet<Cow<'static, str>>>,
}

impl Scraper {
    pub(super) fn begin(&self, resource: &Resource, prefix: &str, stats: Arc<ExporterStats>) {
        // an exporter is started once
        let _ = self.0.set(Answering {
            resource: resource.clone(),
            prefix: prefix.to_owned(),
            interval: Interval::of_counting(),
            stats,
            told: Mutex::default(),
        });
    }

    /// Everything that is counted, as it is now; nothing before the exporter is installed.
    ///
    /// Reads one metric after the other, so that beside the answer there are only the points of one.
    /// Callbacks of observable instruments are waited for, five seconds at most.
    #[must_use]
    pub fn scrape(&self, format: Format) -> Vec<u8> {
        self.0
            .get()
            .map_or_else(Vec::new, |answering| answering.answer(format))
    }
}

impl Answering {
    fn answer(&self, format: Format) -> Vec<u8> {
        let mut readings = Readings::begin(self.interval);
        let families = family::families(readings.outlines(), &self.prefix);
        let mut shown = 0;
        let mut read = |place| {
            let metric = readings.read(place);
            shown += metric.points.len() as u64;
            Cow::Owned(metric)
        };
        let body = written(&families.shown, &mut read, &self.resource, format);
        self.stats.add_exported_points(shown);
        for place in families.hidden {
            let metric = readings.read(place);
            let points = metric.points.len() as u64;
            if points > 0 {
                self.stats.add_dropped_points(LossCause::Rejected, points);
                self.tell_once(&metric);
            }
        }
        body
    }

    fn tell_once(&self, metric: &Metric) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(metric.name.clone()) {
            let line = format_args!(
                "the metric `{}` is not shown to Prometheus: in its names, another metric of \
                 another kind or unit is called the same; give one of them another name",
                metric.name
            );
            diagnostics::tell_later(Level::Warn, &line);
        }
    }
}

impl fmt::Debug for Scraper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scraper")
            .field("is_installed", &self.0.get().is_some())
            .finish_non_exhaustive()
    }
}
