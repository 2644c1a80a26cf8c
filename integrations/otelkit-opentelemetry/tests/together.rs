//! All bridges in one program: annotated functions, and libraries that speak the OpenTelemetry API,
//! `tracing` and `log`.

use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry::{Context, global};
use otel_runtime::export::{LogData, MemoryExporter};
use otel_runtime::{Config, current_context, traced};
use otelkit_observed::{Observed, assert_text};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[traced]
fn inner() {}

fn api<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    global::tracer("library").in_span(name, |_| work())
}

fn leaf(name: &'static str) {
    drop(global::tracer("library").start(name));
}

/// Everybody says the same of where we are.
fn assert_in_step() {
    let ours = current_context().map(|span| span.span_id.to_bytes());
    let theirs = Context::current()
        .span()
        .span_context()
        .span_id()
        .to_bytes();
    assert_eq!(ours.unwrap_or_default(), theirs);
}

/// One test, since the globals of all facades are set once in a process.
#[test]
fn one_trace_with_the_right_parents_and_records() {
    otelkit_opentelemetry::install().unwrap();
    otelkit_log::install().unwrap();
    tracing_subscriber::registry()
        .with(otelkit_tracing::layer())
        .init();
    let memory = MemoryExporter::new();
    let filter = "off,together=trace".parse().unwrap();
    let config = Config::new()
        .log_filter(filter)
        .with_exporter(memory.clone());
    let mut observed = Observed::with(config);
    ours(|| {
        tracing::info_span!("tracing").in_scope(|| {
            assert_in_step();
            leaf("leaf of tracing");
            api("api", || {
                assert_in_step();
                log::info!("within api");
                tracing::info_span!("tracing in api").in_scope(|| {
                    assert_in_step();
                    ours(|| {
                        assert_in_step();
                        leaf("deep");
                        log::info!("within ours");
                    });
                    let context = Context::current();
                    let elsewhere = move || {
                        let _scope = context.attach();
                        tracing::info_span!("elsewhere").in_scope(inner);
                    };
                    std::thread::spawn(elsewhere).join().unwrap();
                    log::info!("within tracing");
                });
                assert_in_step();
                inner();
            });
            assert_in_step();
        });
        assert_in_step();
        inner();
    });
    assert_eq!(current_context(), None);
    let tree = observed.tree(11, &[]);
    let lines = tree.lines().map(|line| {
        let end = line.rfind('`').map_or(line.len(), |end| end + 1);
        format!("{}\n", &line[..end])
    });
    let expected = "
        internal `ours`
          internal `tracing`
            internal `leaf of tracing`
            internal `api`
              internal `tracing in api`
                internal `ours`
                  internal `deep`
                internal `elsewhere`
                  internal `inner`
              internal `inner`
          internal `inner`
    ";
    assert_text(&lines.collect::<String>(), expected);
    let logs = memory.logs();
    let spans = memory.spans();
    let within = |log: &LogData| {
        let span = spans.iter().find(|span| Some(span.span_id) == log.span_id);
        span.map(|span| span.name.clone())
    };
    let said: Vec<_> = logs
        .iter()
        .map(|log| (log.message(), within(log)))
        .collect();
    let expected = [
        ("within api", "api"),
        ("within ours", "ours"),
        ("within tracing", "tracing in api"),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(message, span)| (message, Some(span.to_owned())))
        .collect();
    assert_eq!(said, expected);
}
