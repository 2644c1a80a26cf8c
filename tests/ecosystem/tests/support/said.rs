//! Log records as lines.

use std::collections::HashMap;

use otel_runtime::SpanId;
use otel_runtime::export::{LogData, SpanData, ValueData};

/// Who moves bytes, when and how often it likes.
pub(crate) const MOVERS: [&str; 4] = ["h2::", "hyper_util::", "tonic::", "tower::"];
/// Speaks of every socket where some other crate of the build wants it to.
const POLLER: &str = "mio::";
/// What is said once a call, of all that they say.
const BUFFERED: &str = "processing request";

pub(crate) fn of(logs: &[LogData], spans: &HashMap<SpanId, &SpanData>) -> String {
    let mut lines: Vec<_> = logs
        .iter()
        .filter(|log| !log.target.starts_with(POLLER))
        .filter(|log| !is_of_mover(log) || log.message() == BUFFERED)
        .map(|log| line(log, spans))
        .collect();
    lines.sort();
    lines.concat()
}

fn is_of_mover(log: &LogData) -> bool {
    MOVERS.iter().any(|mover| log.target.starts_with(mover))
}

fn line(log: &LogData, spans: &HashMap<SpanId, &SpanData>) -> String {
    let summary = log.attributes.iter().find(|(key, _)| key == "summary");
    let says = match summary {
        Some((_, ValueData::Str(summary))) => summary.clone(),
        _ => log.message().to_owned(),
    };
    let severity = log.severity.as_str();
    let within = log.span_id.map(|span| spans[&span]);
    let below = within.and_then(|span| span.parent_span_id);
    let name = |span: Option<&SpanData>| span.map_or("none", |span| &*span.name).to_owned();
    format!(
        "{} {severity} `{says}` in `{}` below `{}`\n",
        log.target,
        name(within),
        name(below.map(|span| spans[&span])),
    )
}
