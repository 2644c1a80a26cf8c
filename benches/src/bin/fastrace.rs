//! fastrace, set up as its README and that of fastrace-opentelemetry say.
//!
//! Spans are made by `#[trace]`, under a root made with `Span::root` and set
//! as the thread's local parent. The reporter runs on fastrace's own thread;
//! for the caller's cost it discards, end to end it is `OpenTelemetryReporter`
//! over OTLP/gRPC.

use std::borrow::Cow;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrace::Span;
use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use opentelemetry::InstrumentationScope;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use otelkit_benches::poll::{block_on, yield_now};
use otelkit_benches::{Case, Clock, Library, Mode};

#[fastrace::trace(name = "child0")]
#[inline(never)]
fn child0() {
    black_box(());
}

#[fastrace::trace(name = "child1", properties = { "id": "{id}" })]
#[inline(never)]
fn child1(id: u64) -> u64 {
    black_box(id)
}

#[fastrace::trace(name = "async1")]
async fn async1() {
    black_box(());
}

#[fastrace::trace(name = "async10")]
async fn async10() {
    for _ in 0..10 {
        yield_now().await;
    }
}

struct Fastrace {
    sampled: bool,
    received: Arc<AtomicU64>,
    _runtime: Option<tokio::runtime::Runtime>,
}

impl Fastrace {
    #[inline(always)]
    fn root<R>(&self, body: impl FnOnce() -> R) -> R {
        let root = Span::root("root", SpanContext::random().sampled(self.sampled));
        let _local_parent = root.set_local_parent();
        body()
    }
}

impl Fastrace {
    fn events10(&self) {
        self.root(|| {
            for index in 0..10_i64 {
                let event = fastrace::Event::new("placed");
                fastrace::local::LocalSpan::add_event(
                    event.with_property(|| ("order.id", black_box(index).to_string())),
                );
            }
        });
    }
}

impl Library for Fastrace {
    const NAME: &'static str = "fastrace";

    fn install(mode: Mode, _endpoint: &str) -> Self {
        let received = Arc::new(AtomicU64::new(0));
        if mode != Mode::Off {
            fastrace::set_reporter(Discard(Arc::clone(&received)), Config::default());
        }
        Self {
            sampled: mode == Mode::Sampled,
            received,
            _runtime: None,
        }
    }

    fn install_otlp(endpoint: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let exporter = {
            let _inside = runtime.enter();
            SpanExporter::builder()
                .with_tonic()
                .with_endpoint(endpoint)
                .build()
                .expect("an exporter")
        };
        let reporter = fastrace_opentelemetry::OpenTelemetryReporter::new(
            exporter,
            Cow::Owned(Resource::builder().with_service_name("bench").build()),
            InstrumentationScope::builder("bench").build(),
        );
        fastrace::set_reporter(reporter, Config::default());
        Self {
            sampled: true,
            received: Arc::default(),
            _runtime: Some(runtime),
        }
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Child0 => self.root(|| clock.time(calls, |_| child0())),
            Case::Child1 => self.root(|| clock.time(calls, |call| child1(u64::from(call)))),
            Case::Async1 => self.root(|| clock.time(calls, |_| block_on(async1()))),
            Case::Async10 => self.root(|| clock.time(calls, |_| block_on(async10()))),
            Case::Logs10 => unreachable!("its events are events of spans"),
            Case::Events10 => clock.time(calls, |_| self.events10()),
            Case::Trace11 => clock.time(calls, |_| self.trace11()),
        }
    }

    fn trace11(&self) {
        self.root(|| {
            for _ in 0..10 {
                child0();
            }
        });
    }

    fn flush(&self) {
        fastrace::flush();
    }

    fn shutdown(self) {
        fastrace::flush();
    }

    fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

struct Discard(Arc<AtomicU64>);

impl Reporter for Discard {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        self.0.fetch_add(spans.len() as u64, Ordering::Relaxed);
    }
}

fn main() -> ExitCode {
    otelkit_benches::main::<Fastrace>()
}
