//! The whole way of a span, small enough for Miri.

use std::future::ready;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::install;
use crate::config::Config;
use crate::export::{Exporter, ExporterError, FlushError, Outcome, SpanView};
use crate::resource::Resource;
use crate::site::{FieldSpec, Level, Name, Site, SiteSpec, SpanKind};
use crate::span::{Context as SpanScopeContext, Guard, Span, set_attribute};
use crate::stats::ExporterStats;

static SITE: Site = Site::new(SiteSpec {
    name: Name::Fixed("work"),
    function: None,
    kind: SpanKind::Internal,
    level: Level::Info,
    target: module_path!(),
    module: module_path!(),
    package: "otel-runtime",
    version: "",
    file: file!(),
    line: line!(),
    column: column!(),
    busy: true,
    logged: false,
    stack_trace: false,
    fields: &[
        FieldSpec {
            key: "number",
            late: false,
        },
        FieldSpec {
            key: "text",
            late: false,
        },
        FieldSpec {
            key: "late",
            late: true,
        },
    ],
    traced: true,
    metered: false,
    objective: None,
    query: None,
});

/// A module of its own, since what puts a Site on the list counts as `unsafe` in this crate.
#[allow(unsafe_code)]
mod registration {
    use super::SITE;

    crate::__register!(SITE, place, register);
}

/// Keeps a line for each span.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<(Outcome, usize, usize)>>>);

impl Exporter for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        let line = (span.outcome, span.attributes.len(), span.events.len());
        self.0.lock().unwrap().push(line);
    }

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

fn sync_span() {
    let mut guard = Guard::<2>::enter(&SITE);
    guard.capture(0, &7_u64);
    guard.capture(1, "text");
    set_attribute("late", 1.5);
}

fn finished_future() {
    let future = Span::<0>::prepare(&SITE).instrument(ready(3), |value, seen| seen.ret(value));
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

fn cancelled_future() {
    let pending = std::future::pending::<()>();
    let mut future = Box::pin(Span::<0>::later(&SITE).instrument(pending, |(), _| {}));
    assert!(
        future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
}

fn panicking() {
    let caught = std::panic::catch_unwind(|| {
        let _guard = Guard::<0>::enter(&SITE);
        std::panic::resume_unwind(Box::new("no hook"));
    });
    assert!(caught.is_err());
}

/// A scope that never ends, in a span that does.
fn forgotten_scope(context: SpanScopeContext) {
    let mut span = Span::<0>::prepare(&SITE).start();
    span.in_scope(|| std::mem::forget(context.attach()));
}

#[test]
fn spans_of_every_shape_and_of_two_threads_arrive() {
    let lines = Lines::default();
    let telemetry = install(Config::new().with_exporter(lines.clone())).unwrap();
    let every_shape = || {
        sync_span();
        finished_future();
        cancelled_future();
        panicking();
    };
    {
        let _root = Guard::<0>::enter(&SITE);
        let carried = SpanScopeContext::current().wrap(every_shape);
        thread::spawn(carried).join().unwrap();
        every_shape();
        let noted = SpanScopeContext::current().with_trace_state("a=1".parse().unwrap());
        thread::spawn(noted.wrap(every_shape)).join().unwrap();
        forgotten_scope(noted);
    }
    let stats = telemetry.shutdown(Duration::from_secs(60)).unwrap();
    assert_eq!((stats.recorded, stats.dropped()), (14, 0));
    let lines = lines.0.lock().unwrap();
    let count = |outcome| lines.iter().filter(|line| line.0 == outcome).count();
    assert_eq!(count(Outcome::Ok), 8);
    assert_eq!(count(Outcome::Cancelled), 3);
    assert_eq!(count(Outcome::Panicked), 3);
    // number, text and late; the futures' busy and idle time as well as what they returned.
    assert_eq!(lines.iter().filter(|line| line.1 == 3).count(), 9);
}
