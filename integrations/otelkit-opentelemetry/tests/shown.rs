//! Spans of annotated functions, shown to both: to the OpenTelemetry API, and to subscribers of `tracing`.

use std::sync::{Arc, Mutex};

use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry::{Context, global};
use otel_runtime::{Config, current_context, traced};
use otelkit_observed::{Observed, assert_text};
use tracing::span::{Attributes, Id};
use tracing::{Span, Subscriber, info_span};
use tracing_subscriber::layer::{self, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// Writes down each span that a subscriber sees, with all that it is below.
#[derive(Clone, Default)]
struct Paths(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Paths {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        let scope = context.span(id).unwrap().scope().from_root();
        let names: Vec<_> = scope.map(|span| span.name()).collect();
        self.0.lock().unwrap().push(names.join(" > "));
    }
}

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[traced]
fn inner() {}

fn api<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    global::tracer("library").in_span(name, |_| work())
}

/// Everybody says the same of where we are.
fn assert_in_step() {
    let ours = current_context().map(|span| span.span_id.to_bytes());
    let context = Context::current();
    let theirs = context.span().span_context().span_id().to_bytes();
    assert_eq!(ours.unwrap_or_default(), theirs);
}

/// One test, since the globals of all facades are set once in a process.
#[test]
fn each_span_is_there_once_and_below_its_parent_for_everybody() {
    otelkit_opentelemetry::install().unwrap();
    assert!(otelkit_tracing::show_spans());
    let paths = Paths::default();
    tracing_subscriber::registry()
        .with(paths.clone())
        .with(otelkit_tracing::layer())
        .init();
    let mut observed = Observed::with(Config::new());
    ours(|| {
        info_span!("tracing").in_scope(|| {
            api("api", || {
                assert_in_step();
                inner();
                info_span!("in api").in_scope(|| {
                    assert_in_step();
                    ours(|| {
                        assert_in_step();
                        inner();
                    });
                });
                assert_in_step();
            });
        });
        api("beside", || {
            let (context, span) = (Context::current(), Span::current());
            let by_context = move || {
                let _scope = context.attach();
                assert_in_step();
                inner();
            };
            let by_span = move || {
                span.in_scope(|| {
                    assert_in_step();
                    api("taken along", inner);
                })
            };
            std::thread::spawn(by_context).join().unwrap();
            std::thread::spawn(by_span).join().unwrap();
        });
        assert_in_step();
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
            internal `api`
              internal `inner`
              internal `in api`
                internal `ours`
                  internal `inner`
          internal `beside`
            internal `inner`
          internal `taken along`
            internal `inner`
    ";
    assert_text(&lines.collect::<String>(), expected);
    // Of the API's own spans `tracing` knows nothing: what is below them is below what they are below.
    let seen = [
        "ours",
        "ours > tracing",
        "ours > tracing > inner",
        "ours > tracing > in api",
        "ours > tracing > in api > ours",
        "ours > tracing > in api > ours > inner",
        "ours > inner",
        "ours > inner",
    ];
    assert_eq!(*paths.0.lock().unwrap(), seen);
}
