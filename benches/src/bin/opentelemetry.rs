//! The OpenTelemetry SDK, set up as its documentation says: the batch span
//! processor with its defaults, installed as the global provider.
//!
//! There is no attribute; spans are made as the documentation shows, with
//! `in_span`, and `with_context` for futures, on the provider's own tracer
//! (the global one costs an allocation more; it stands for "not installed").
//! For the caller's cost the exporter discards, end to end it is
//! `opentelemetry-otlp` over gRPC.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::global;
use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider, SpanData, SpanExporter};
use otelkit_benches::poll::{block_on, yield_now};
use otelkit_benches::{Case, Clock, Library, Mode};

#[inline(never)]
fn child0(tracer: &impl Tracer<Span: Send + Sync + 'static>) {
    tracer.in_span("child0", |_context| {
        black_box(());
    });
}

#[inline(never)]
fn child1(tracer: &impl Tracer<Span: Send + Sync + 'static>, id: u64) -> u64 {
    tracer.in_span("child1", |context| {
        context.span().set_attribute(KeyValue::new("id", id as i64));
        black_box(id)
    })
}

async fn async1(tracer: &impl Tracer<Span: Send + Sync + 'static>) {
    let span = tracer.start("async1");
    async {
        black_box(());
    }
    .with_context(Context::current_with_span(span))
    .await;
}

async fn async10(tracer: &impl Tracer<Span: Send + Sync + 'static>) {
    let span = tracer.start("async10");
    async {
        for _ in 0..10 {
            yield_now().await;
        }
    }
    .with_context(Context::current_with_span(span))
    .await;
}

#[inline(never)]
fn trace11(tracer: &impl Tracer<Span: Send + Sync + 'static>) {
    tracer.in_span("root", |_context| {
        for _ in 0..10 {
            child0(tracer);
        }
    });
}

fn run(
    tracer: &impl Tracer<Span: Send + Sync + 'static>,
    case: Case,
    calls: u32,
    clock: &mut Clock,
) {
    tracer.in_span("root", |_context| match case {
        Case::Child0 => clock.time(calls, |_| child0(tracer)),
        Case::Child1 => clock.time(calls, |call| child1(tracer, u64::from(call))),
        Case::Async1 => clock.time(calls, |_| block_on(async1(tracer))),
        Case::Async10 => clock.time(calls, |_| block_on(async10(tracer))),
        Case::Trace11 | Case::Events10 | Case::Logs10 => {
            unreachable!("a trace has its own root")
        }
    });
}

fn events10(tracer: &impl Tracer<Span: Send + Sync + 'static>) {
    tracer.in_span("root", |context| {
        for index in 0..10 {
            let attributes = vec![KeyValue::new("order.id", black_box(index))];
            context.span().add_event("placed", attributes);
        }
    });
}

struct OpenTelemetry {
    provider: Option<(SdkTracerProvider, SdkTracer)>,
    received: Arc<AtomicU64>,
    _runtime: Option<tokio::runtime::Runtime>,
}

impl Library for OpenTelemetry {
    const NAME: &'static str = "opentelemetry";

    fn install(mode: Mode, _endpoint: &str) -> Self {
        let received = Arc::new(AtomicU64::new(0));
        let provider = (mode != Mode::Off).then(|| {
            let root = match mode {
                Mode::Sampled => Sampler::AlwaysOn,
                Mode::Unsampled | Mode::Off => Sampler::AlwaysOff,
            };
            SdkTracerProvider::builder()
                .with_batch_exporter(Discard(Arc::clone(&received)))
                .with_sampler(Sampler::ParentBased(Box::new(root)))
                .build()
        });
        Self {
            provider: provider.map(with_tracer),
            received,
            _runtime: None,
        }
    }

    fn install_otlp(endpoint: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let exporter = {
            let _inside = runtime.enter();
            opentelemetry_otlp::SpanExporter::builder()
                .with_tonic()
                .with_endpoint(endpoint)
                .build()
                .expect("an exporter")
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(Resource::builder().with_service_name("bench").build())
            .build();
        Self {
            provider: Some(with_tracer(provider)),
            received: Arc::default(),
            _runtime: Some(runtime),
        }
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match (&self.provider, case) {
            (Some((_, tracer)), Case::Trace11) => clock.time(calls, |_| trace11(tracer)),
            (Some((_, tracer)), Case::Events10) => clock.time(calls, |_| events10(tracer)),
            (Some((_, tracer)), case) => run(tracer, case, calls, clock),
            (None, case) => run(&global::tracer("bench"), case, calls, clock),
        }
    }

    fn trace11(&self) {
        if let Some((_, tracer)) = &self.provider {
            trace11(tracer);
        }
    }

    fn flush(&self) {
        if let Some((provider, _)) = &self.provider {
            provider.force_flush().expect("a flush");
        }
    }

    fn shutdown(self) {
        if let Some((provider, _)) = &self.provider {
            provider.shutdown().expect("a shutdown");
        }
    }

    fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

fn with_tracer(provider: SdkTracerProvider) -> (SdkTracerProvider, SdkTracer) {
    global::set_tracer_provider(provider.clone());
    let tracer = provider.tracer("bench");
    (provider, tracer)
}

#[derive(Debug)]
struct Discard(Arc<AtomicU64>);

impl SpanExporter for Discard {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.fetch_add(batch.len() as u64, Ordering::Relaxed);
        Ok(())
    }
}

fn main() -> ExitCode {
    otelkit_benches::main::<OpenTelemetry>()
}
