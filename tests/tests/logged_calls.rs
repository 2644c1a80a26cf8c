//! What is told of the calls of annotated functions in log records.

use std::fmt;
use std::future::{Future, pending};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use otel_runtime::export::{LogData, MemoryExporter, ValueData};
use otel_runtime::log::{LogFilter, Severity};
use otel_runtime::{Classify, Config, Sampler, Telemetry, install, metered, traced};

const PATIENCE: Duration = Duration::from_secs(10);

fn installed(config: Config) -> (Telemetry, MemoryExporter) {
    let exporter = MemoryExporter::new();
    let config = config.log_filter(LogFilter::new(Severity::TRACE));
    let telemetry = install(config.with_exporter(exporter.clone())).unwrap();
    (telemetry, exporter)
}

/// Severity, event without its common beginning, and message.
fn told(logs: &[LogData]) -> Vec<(Severity, &str, &str)> {
    let told = logs.iter().map(|log| {
        let event = log.event_name.strip_prefix("otelkit.operation.");
        (
            log.severity,
            event.unwrap_or(&log.event_name),
            log.message(),
        )
    });
    told.collect()
}

#[derive(Debug, Classify)]
enum Refusal {
    #[classify(validation, code = "CART_EMPTY")]
    Empty,
    #[classify(data_loss, code = "CART_LOST")]
    Lost,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "cart is empty",
            Self::Lost => "cart is lost",
        })
    }
}

impl std::error::Error for Refusal {}

#[traced(log, fields(cart.id = id))]
fn order(id: u64, end: Result<(), Refusal>) -> Result<(), Refusal> {
    reserve();
    end
}

#[traced]
fn reserve() {}

#[traced(log, level = debug)]
async fn wait(polls: u32) {
    for _ in 0..polls {
        let mut has_waited = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut has_waited, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
    if polls > 2 {
        pending::<()>().await;
    }
}

#[traced(log)]
#[metered]
fn counted() {}

#[traced(log)]
fn panics() {
    panic!("no way out");
}

fn run(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..5 {
        if future.as_mut().poll(&mut context).is_ready() {
            return;
        }
    }
}

#[test]
fn an_operation_tells_that_it_began_and_how_it_ended() {
    let (telemetry, exporter) = installed(Config::new().level(otel_runtime::Level::Debug));
    order(7, Ok(())).unwrap();
    order(8, Err(Refusal::Empty)).unwrap_err();
    order(9, Err(Refusal::Lost)).unwrap_err();
    run(wait(1));
    run(wait(3));
    counted();
    std::panic::catch_unwind(panics).unwrap_err();
    let stats = telemetry.shutdown(PATIENCE).unwrap();
    let logs = exporter.logs();
    assert_eq!(
        told(&logs),
        [
            (Severity::INFO, "started", "order started"),
            (Severity::INFO, "completed", "order completed"),
            (Severity::INFO, "started", "order started"),
            (Severity::WARN, "failed", "order failed: cart is empty"),
            (Severity::INFO, "started", "order started"),
            (Severity::FATAL, "failed", "order failed: cart is lost"),
            (Severity::DEBUG, "started", "wait started"),
            (Severity::DEBUG, "completed", "wait completed"),
            (Severity::DEBUG, "started", "wait started"),
            (Severity::WARN, "cancelled", "wait was cancelled"),
            (Severity::INFO, "started", "counted started"),
            (Severity::INFO, "completed", "counted completed"),
            (Severity::INFO, "started", "panics started"),
            (Severity::ERROR, "panicked", "panics panicked: no way out"),
        ]
    );
    assert_eq!(stats.recorded_logs, logs.len() as u64);
    let spans = exporter.spans();
    assert_eq!(stats.recorded, spans.len() as u64);
    let failed = &logs[3];
    assert_eq!(failed.attribute("cart.id"), Some(&8.into()));
    assert_eq!(failed.attribute("error.type"), Some(&"CART_EMPTY".into()));
    let class = failed.attribute("otelkit.error.class");
    assert_eq!(class, Some(&"invalid_argument".into()));
    let span = spans
        .iter()
        .find(|span| span.attribute("cart.id") == Some(&8.into()))
        .unwrap();
    assert_eq!(failed.span_id, Some(span.span_id));
    assert_eq!(failed.trace_id, Some(span.trace_id));
    assert_eq!(failed.unix_ns, span.end_unix_ns);
    assert_eq!(logs[2].unix_ns, span.start_unix_ns);
    assert_eq!(logs[2].span_id, Some(span.span_id));
    let Some(ValueData::Int(duration_ns)) = failed.attribute("duration_ns") else {
        panic!("{failed:#?}")
    };
    assert_eq!(duration_ns.cast_unsigned(), span.duration_ns());
    assert_eq!(failed.target, module_path!());
    assert!(failed.file.as_deref().unwrap().ends_with("logged_calls.rs"));
}

#[test]
fn what_is_not_sampled_is_told_all_the_same_and_not_recorded() {
    let (telemetry, exporter) = installed(Config::new().sampler(Sampler::AlwaysOff));
    order(8, Err(Refusal::Empty)).unwrap_err();
    outer();
    run(wait(1));
    let stats = telemetry.shutdown(PATIENCE).unwrap();
    let logs = exporter.logs();
    assert_eq!(
        told(&logs),
        [
            (Severity::INFO, "started", "order started"),
            (Severity::WARN, "failed", "order failed: cart is empty"),
            (Severity::INFO, "started", "order started"),
            (Severity::INFO, "completed", "order completed"),
        ]
    );
    assert!(exporter.spans().is_empty());
    assert_eq!((stats.recorded, stats.lost()), (0, 0));
    assert!(logs.iter().all(|log| !log.trace_flags.is_sampled()));
    assert_eq!(logs[0].span_id, logs[1].span_id);
    assert!(logs[0].trace_id.is_some() && logs[0].trace_id != logs[2].trace_id);
    assert_eq!(logs[1].attribute("cart.id"), Some(&8.into()));

    #[traced]
    fn outer() {
        order(9, Ok(())).unwrap();
    }
}

#[test]
fn places_are_told_of_by_pattern_while_the_program_runs() {
    mod quiet {
        #[otel_runtime::traced]
        pub(super) fn inner() {}
        #[otel_runtime::traced]
        pub(super) async fn asynchronous() {
            inner();
        }
    }
    let (telemetry, exporter) = installed(Config::new().log_calls(["logged_calls::quiet"]));
    quiet::inner();
    reserve();
    run(quiet::asynchronous());
    telemetry.log_calls(["nowhere"]);
    quiet::inner();
    telemetry.log_calls([""]);
    reserve();
    telemetry.shutdown(PATIENCE).unwrap();
    let logs = exporter.logs();
    let messages: Vec<_> = logs.iter().map(LogData::message).collect();
    assert_eq!(
        messages,
        [
            "inner started",
            "inner completed",
            "asynchronous started",
            "inner started",
            "inner completed",
            "asynchronous completed",
            "reserve started",
            "reserve completed",
        ]
    );
}

#[test]
fn the_filter_decides_about_each_of_them() {
    let (telemetry, exporter) = installed(Config::new());
    telemetry.set_log_filter(LogFilter::new(Severity::WARN));
    order(7, Ok(())).unwrap();
    order(8, Err(Refusal::Empty)).unwrap_err();
    let stats = telemetry.shutdown(PATIENCE).unwrap();
    let failed = (Severity::WARN, "failed", "order failed: cart is empty");
    assert_eq!(told(&exporter.logs()), [failed]);
    assert_eq!(stats.recorded_logs, 1);
}
