//! The program with all bridges, and what came of it.

mod said;
mod tree;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use otel_runtime::export::{LogData, MemoryExporter, SpanData};
use otel_runtime::{Config, Level, SpanId, install};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Longer than any exporter takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// All that libraries have to say; of the rest what is of interest.
const FILTER: &str =
    "info,h2=trace,hyper_util=trace,sqlx=debug,tonic=trace,tower=trace,tower_http=trace";

/// The spans of the program and of its libraries.
pub(crate) const TREE: &str = "
    internal `order` of otelkit-ecosystem
      client `shop.Orders/Place` of otelkit-tonic
        server `shop.Orders/Place` of otelkit-tonic
          internal `request` of tower_http
            internal `place` of otelkit-ecosystem
              internal `price` of pricing
                internal `look up` of pricing
                internal `discount` of otelkit-ecosystem
              internal `in stock` of otelkit-ecosystem
                client `GET` of otelkit-http
                  server `GET /stock/{item}` of otelkit-http
                    internal `request` of tower_http
                      internal `check` of otelkit-ecosystem
                        internal `refill` of otelkit-ecosystem
                        internal `count` of otelkit-ecosystem
                        producer `publish` of ledger
                          consumer `handle` of ledger
                            internal `book` of otelkit-ecosystem
              internal `save` of otelkit-ecosystem
";

/// What a run of the program was seen to do.
pub(crate) struct Seen {
    spans: Vec<SpanData>,
    logs: Vec<LogData>,
}

/// Runs the program once, with all bridges, in a process that has not done so.
pub(crate) fn run() -> Seen {
    otelkit_opentelemetry::install().unwrap();
    otelkit_log::install().unwrap();
    tracing_subscriber::registry()
        .with(otelkit_tracing::layer())
        .with(EnvFilter::new(FILTER))
        .init();
    let memory = MemoryExporter::new();
    let config = Config::new()
        .level(Level::Trace)
        .log_filter("trace".parse().unwrap())
        .own_metrics(false)
        .with_exporter(memory.clone());
    let telemetry = install(config).unwrap();
    let receipt = otelkit_ecosystem::run().unwrap();
    assert_eq!(receipt, "apple for 45");
    telemetry.shutdown(PATIENCE).unwrap();
    let stats = telemetry.stats();
    assert_eq!(stats.lost(), 0, "{stats:?}");
    Seen {
        spans: memory.take(),
        logs: memory.logs(),
    }
}

impl Seen {
    /// Spans of everybody but `h2`, whose connections outlive what they are used for: a line a span,
    /// its kind, its name and who it is from.
    pub(crate) fn tree(&self) -> String {
        let spans: Vec<_> = self.spans.iter().filter(|span| !is_of_h2(span)).collect();
        tree::of(&spans)
    }

    /// What libraries and the program have said, but for those that move bytes: a line a record, who it
    /// is from, what it says, in which span and below which.
    pub(crate) fn said(&self) -> String {
        said::of(&self.logs, &self.by_id())
    }

    /// Everything is in one trace, once, but for connections, which have traces of their own; every
    /// library has spoken, and every record names a span and the trace of that.
    pub(crate) fn assert_whole(&self) {
        let ids: HashSet<_> = self.spans.iter().map(|span| span.span_id).collect();
        assert_eq!(ids.len(), self.spans.len(), "spans come twice");
        let roots: Vec<_> = self
            .spans
            .iter()
            .filter(|span| span.parent_span_id.is_none())
            .collect();
        let ours: Vec<_> = roots.iter().filter(|span| !is_of_h2(span)).collect();
        assert_eq!(ours.len(), 1, "{ours:?}");
        let by_id = self.by_id();
        for span in &self.spans {
            assert!(
                is_of_h2(span) || span.trace_id == ours[0].trace_id,
                "{span:?}"
            );
            let parent = span.parent_span_id.map(|parent| by_id[&parent]);
            assert!(
                parent.is_none_or(|parent| parent.trace_id == span.trace_id),
                "{span:?}"
            );
        }
        let connections = roots.iter().filter(|span| span.name == "Connection");
        assert_eq!(connections.count(), 4, "two ends of two connections");
        for mover in said::MOVERS {
            let mut targets = self.logs.iter().map(|log| &log.target);
            assert!(
                targets.any(|target| target.starts_with(mover)),
                "{mover} is silent"
            );
        }
        for log in &self.logs {
            let span = log.span_id.map(|span| by_id[&span]);
            assert_eq!(log.trace_id, span.map(|span| span.trace_id), "{log:?}");
        }
    }

    fn by_id(&self) -> HashMap<SpanId, &SpanData> {
        let spans = self.spans.iter();
        spans.map(|span| (span.span_id, span)).collect()
    }
}

fn is_of_h2(span: &SpanData) -> bool {
    span.scope_name == "h2"
}
