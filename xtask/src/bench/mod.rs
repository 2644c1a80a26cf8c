//! `cargo xtask bench`: OtelKit beside its peers, in one process run each.
//!
//! The programs that are measured are in `benches/`, one binary per library;
//! here they are built, started in turn (A B C A B C, so that a noisy minute
//! of the machine hits all of them), and compared.

mod build;
mod compile;
mod e2e;
mod elf;
mod instructions;
mod options;
mod redaction;
mod report;
mod scrapes;
mod service;
mod sink;
mod spans;

use build::Library;
use options::{Group, Options};
use report::Row;

pub(crate) const USAGE: &str = "\
cargo xtask bench [<group>] [--quick] [--json] [--library <name>]...

  <group>    spans: the cost on the caller's thread; one case of it: child0, child1, async1,
             async10, trace11, unsampled, unsampled_async, off, off_async
             metrics: the cost of counting there; one case of it: counter, histogram, function, both
             logs: the cost of a JSON line with three fields; its case: log_line
             requests: the cost of the HTTP server layer; one case of it: request, called_request
             scrapes: reading and writing out every series; one case of it: scrape_10k, scrape_100k
             redaction: what the collector's thread spends on a span, with rules and without
             e2e: to a receiver in another process; one case of it: e2e_100k, e2e_2m, e2e_max
             service: a service over HTTP on a database, under load: throughput, CPU, latency, memory
             compile: build time and code size per annotated function
             without a group: all of them
  --quick    seconds instead of minutes; says that all of it works, not how fast it is
  --json     one object a line on standard output, everything else on standard error
  --library  spans, e2e, compile: otelkit, fastrace, tracing-opentelemetry, opentelemetry, emit;
             service: otelkit, fastrace, tracing-opentelemetry;
             metrics, scrapes: otelkit, metrics, prometheus, prometheus-client, measured,
             opentelemetry, autometrics;
             logs: otelkit, otelkit-log, otelkit-tracing, tracing-subscriber, slog-json, logforth;
             again for more
";

/// Runs the group named in `words`, or all of them.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    if words.iter().any(|word| word == "--help") {
        print!("{USAGE}");
        return Ok(());
    }
    let options = Options::parse(words)?;
    let mut lost = Vec::new();
    for group in options.groups() {
        let show = |rows: Vec<Row>| {
            report::print(group, &rows, options.json);
            lost.extend(
                rows.into_iter()
                    .filter(|row| group.is_on_the_callers_thread() && row.lost > 0),
            );
        };
        match group {
            Group::Spans | Group::Metrics | Group::Logs | Group::Requests => {
                spans::run(group, &options, show)?;
            }
            Group::Scrapes => scrapes::run(&options, show)?,
            Group::Redaction => redaction::run(&options, show)?,
            Group::EndToEnd => e2e::run(&options, show)?,
            Group::Service => service::run(&options, show)?,
            Group::Compile => compile::run(&options, show)?,
        }
    }
    if lost.is_empty() {
        return Ok(());
    }
    let lost: Vec<String> = lost
        .iter()
        .map(|row| format!("{} of {} lost {}", row.case, row.library.name(), row.lost))
        .collect();
    Err(format!("what is dropped is not fast: {}", lost.join("; ")))
}
