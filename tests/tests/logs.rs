//! Log records, from the place that says them to an exporter.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use otel_runtime::export::{LogData, MemoryExporter, ValueData};
use otel_runtime::log::{LogFilter, LogSite, LogSiteSpec, RateLimit, Severity};
use otel_runtime::{
    Config, LogLimits, SpanContext, SpanId, Telemetry, TraceFlags, TraceId, current_context,
    install, traced,
};

const PATIENCE: Duration = Duration::from_secs(10);

fn installed(config: Config) -> (Telemetry, MemoryExporter) {
    let exporter = MemoryExporter::new();
    let telemetry = install(config.with_exporter(exporter.clone())).unwrap();
    (telemetry, exporter)
}

fn site(target: &'static str) -> &'static LogSite {
    LogSite::register(LogSiteSpec {
        module: Some("shop::cart"),
        file: Some("src/cart.rs"),
        line: 17,
        ..LogSiteSpec::of_target(target)
    })
}

fn say(site: &'static LogSite, severity: Severity, text: &str) {
    site.log(severity, |record| record.body(format_args!("{text}")));
}

fn messages(logs: &[LogData]) -> Vec<&str> {
    logs.iter().map(LogData::message).collect()
}

#[derive(Debug)]
struct Outer(std::io::Error);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot read the cart")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn a_record_arrives_whole_with_the_span_it_was_said_in() {
    let (telemetry, exporter) = installed(Config::new());
    let site = site("shop");
    let context = Cell::new(None);
    #[traced]
    fn order(site: &'static LogSite, context: &Cell<Option<SpanContext>>) {
        context.set(current_context());
        site.log(Severity::WARN, |record| {
            record.body(format_args!("{} apples", 3));
            record.field("cart.id", &7);
            record.field("cart.name", "weekly");
            record.field("cart.id", &8);
            record.field("prices", &[1.5, 2.5]);
            record.error(&Outer(std::io::ErrorKind::NotFound.into()));
        });
    }
    order(site, &context);
    say(site, Severity::INFO, "outside");
    let stats = telemetry.shutdown(PATIENCE).unwrap();
    assert_eq!((stats.recorded_logs, stats.lost()), (2, 0));
    assert_eq!(stats.exporters[0].exported_logs, 2);

    let logs = exporter.logs();
    let [inside, outside] = &logs[..] else {
        panic!("{logs:#?}")
    };
    let context = context.get().unwrap();
    assert_eq!(inside.trace_id, Some(context.trace_id));
    assert_eq!(inside.span_id, Some(context.span_id));
    assert_eq!(inside.trace_flags, context.trace_flags);
    assert_eq!(exporter.spans()[0].span_id, context.span_id);
    assert!(exporter.spans()[0].start_unix_ns <= inside.unix_ns);
    assert_eq!(inside.unix_ns, inside.observed_unix_ns);
    assert_eq!(inside.severity, Severity::WARN);
    assert_eq!(inside.message(), "3 apples");
    let places = (
        &*inside.target,
        inside.module.as_deref(),
        inside.file.as_deref(),
        inside.line,
    );
    assert_eq!(
        places,
        ("shop", Some("shop::cart"), Some("src/cart.rs"), 17)
    );
    let expected: [(&str, ValueData); 7] = [
        ("cart.id", 8.into()),
        ("cart.name", "weekly".into()),
        ("prices", ValueData::Doubles(vec![1.5, 2.5])),
        ("exception.message", "cannot read the cart".into()),
        ("error.type", "io::NotFound".into()),
        ("otelkit.error.class", "not_found".into()),
        (
            "exception.chain",
            ValueData::Strs(vec!["entity not found".into()]),
        ),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value));
    assert_eq!(inside.attributes, expected);
    assert_eq!((outside.trace_id, outside.span_id), (None, None));
    assert!(outside.attributes.is_empty());
}

#[test]
fn what_the_place_does_not_know_can_be_said() {
    let (telemetry, exporter) = installed(Config::new());
    let remote = SpanContext {
        trace_id: TraceId::new(7).unwrap(),
        span_id: SpanId::new(8).unwrap(),
        trace_flags: TraceFlags::SAMPLED,
        is_remote: true,
    };
    site("bridge").log(Severity::ERROR, |record| {
        record.target("other");
        record.location(Some("other::module"), None, 3);
        record.event_name("order.lost");
        record.at_unix_ns(1_500_000_000_000_000_000);
        record.context(Some(remote));
        record.body_value(&12);
    });
    telemetry.shutdown(PATIENCE).unwrap();
    let log = exporter.logs().remove(0);
    assert_eq!(log.unix_ns, 1_500_000_000_000_000_000);
    assert!(log.observed_unix_ns > log.unix_ns);
    assert_eq!(log.trace_id, Some(remote.trace_id));
    assert_eq!(log.span_id, Some(remote.span_id));
    let place = (
        &*log.target,
        log.module.as_deref(),
        log.file.as_deref(),
        log.line,
    );
    assert_eq!(
        place,
        ("other", Some("other::module"), Some("src/cart.rs"), 3)
    );
    assert_eq!(
        (&*log.event_name, &log.body),
        ("order.lost", &ValueData::Int(12))
    );
}

#[test]
fn the_filter_is_changed_while_the_program_runs() {
    let before = site("early");
    say(before, Severity::FATAL, "nobody hears this");
    let filter = LogFilter::new(Severity::INFO).with("loud", Severity::WARN);
    let (telemetry, exporter) = installed(Config::new().log_filter(filter));
    let (loud, other) = (site("loud"), site("other"));
    say(loud, Severity::INFO, "1");
    say(loud, Severity::WARN, "2");
    say(other, Severity::DEBUG, "3");
    say(before, Severity::INFO, "4");
    assert!(!other.is_enabled(Severity::DEBUG) && other.is_enabled(Severity::INFO));
    telemetry.set_log_filter("off,other=debug".parse().unwrap());
    say(loud, Severity::FATAL, "5");
    say(other, Severity::DEBUG, "6");
    say(site("other::later"), Severity::DEBUG, "7");
    telemetry.shutdown(PATIENCE).unwrap();
    telemetry.set_log_filter(LogFilter::new(Severity::TRACE));
    say(other, Severity::FATAL, "8");
    assert_eq!(messages(&exporter.logs()), ["2", "4", "6", "7"]);
}

#[test]
fn what_a_rate_limit_suppresses_is_told_and_told_once() {
    let filter = LogFilter::default().limit("chatty", RateLimit::per_second(1).burst(3));
    let (telemetry, exporter) = installed(Config::new().log_filter(filter));
    let chatty = site("chatty");
    for _ in 0..100 {
        say(chatty, Severity::INFO, "again");
    }
    let stats = telemetry.flush(PATIENCE).unwrap();
    telemetry.shutdown(PATIENCE).unwrap();
    let logs = exporter.logs();
    let summaries: Vec<_> = logs
        .iter()
        .filter(|log| log.event_name == "otelkit.log.suppressed")
        .collect();
    let said = logs.len() - summaries.len();
    // A slow machine may be at it for longer than a second.
    assert!((3..100).contains(&said), "{said}");
    assert_eq!(summaries.len(), 1, "{summaries:#?}");
    let suppressed = i64::try_from(100 - said).unwrap();
    assert_eq!(
        summaries[0].attribute("otelkit.log.suppressed"),
        Some(&suppressed.into())
    );
    let place = (&*summaries[0].target, summaries[0].line);
    assert_eq!(place, ("chatty", 17));
    assert_eq!(stats.recorded_logs, logs.len() as u64);
}

#[test]
fn records_of_threads_come_in_the_order_of_their_times_and_none_is_lost_uncounted() {
    const EACH: u64 = 20_000;
    const THREADS: u64 = 4;
    let (telemetry, exporter) = installed(Config::new());
    let site = site("threads");
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..EACH {
                    say(
                        site,
                        Severity::INFO,
                        "a line of a usual length, and a little more",
                    );
                }
            });
        }
    });
    let ended = telemetry.shutdown(PATIENCE);
    let stats = telemetry.stats();
    let lost: u64 = stats.dropped_logs.iter().map(|(_, lost)| lost).sum();
    assert_eq!(stats.recorded_logs, EACH * THREADS);
    assert_eq!(stats.exporters[0].exported_logs + lost, EACH * THREADS);
    assert_eq!(site.dropped(), lost);
    assert_eq!(ended.is_err(), lost > 0);
    let mut by_thread = std::collections::HashMap::new();
    for log in exporter.logs() {
        let last = by_thread.insert(log.thread_id, log.unix_ns);
        assert!(last.is_none_or(|last| last <= log.unix_ns));
    }
    assert_eq!(by_thread.len() as u64, THREADS);
}

#[test]
fn a_caller_that_is_willing_to_wait_loses_nothing() {
    const EACH: u64 = 50_000;
    let config = Config::new()
        .max_buffer_bytes(256 << 10)
        .when_logs_overflow(PATIENCE);
    let (telemetry, exporter) = installed(config);
    let site = site("patient");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| (0..EACH).for_each(|_| say(site, Severity::INFO, "patience")));
        }
    });
    let stats = telemetry.shutdown(PATIENCE).unwrap();
    assert_eq!(
        (stats.recorded_logs, stats.dropped_logs),
        (3 * EACH, vec![])
    );
    assert_eq!(exporter.logs().len() as u64, 3 * EACH);
}

#[test]
fn limits_cut_and_count() {
    let mut limits = LogLimits::default();
    (limits.attribute_count, limits.value_length) = (2, 5);
    let (telemetry, exporter) = installed(Config::new().log_limits(limits));
    site("limits").log(Severity::INFO, |record| {
        record.body(format_args!("grün und blau {}", 1));
        for key in ["a", "b", "c", "d"] {
            record.field(key, "long enough");
        }
    });
    site("limits").log(Severity::INFO, |record| {
        record.body_value(&"x".repeat(10_000_000));
        for index in 0..100_000 {
            record.field(&format!("key-{index}"), &index);
        }
    });
    let stats = telemetry.shutdown(PATIENCE).unwrap_err().stats().clone();
    let log = exporter.logs().remove(0);
    assert_eq!(log.message(), "grün ");
    assert_eq!(log.attributes.len(), 2);
    assert_eq!(log.attribute("b"), Some(&"long ".into()));
    assert_eq!(log.dropped_attributes, 2);
    assert_eq!(stats.recorded_logs, 2);
    let causes: Vec<_> = stats
        .dropped_logs
        .iter()
        .map(|(cause, _)| cause.as_str())
        .collect();
    assert_eq!(causes, ["record_too_large"]);
}

#[test]
fn what_is_said_while_something_is_said_becomes_a_record_of_its_own() {
    static DEPTH: AtomicU32 = AtomicU32::new(0);
    struct Talkative(&'static LogSite);
    impl fmt::Display for Talkative {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            if DEPTH.fetch_add(1, Ordering::Relaxed) == 0 {
                say(self.0, Severity::INFO, "inner");
            }
            f.write_str("outer")
        }
    }
    let (telemetry, exporter) = installed(Config::new());
    let site = site("talkative");
    site.log(Severity::INFO, |record| {
        record.body(format_args!("{}", Talkative(site)))
    });
    struct Broken;
    impl fmt::Display for Broken {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("cannot be shown")
        }
    }
    site.log(Severity::INFO, |record| {
        record.body(format_args!("{Broken}"))
    });
    telemetry.shutdown(PATIENCE).unwrap();
    let logs = exporter.logs();
    let mut said = messages(&logs);
    said.sort_unstable();
    assert_eq!(said, ["<panicked while being formatted>", "inner", "outer"]);
}

#[test]
fn an_exporter_that_logs_while_it_exports_does_not_feed_itself() {
    use otel_runtime::Resource;
    use otel_runtime::export::{
        Exporter, ExporterError, ExporterStats, FlushError, LogView, SpanView,
    };
    use std::sync::Arc;
    use std::time::Instant;

    struct Logging(&'static LogSite, Arc<ExporterStats>);
    impl Exporter for Logging {
        fn name(&self) -> &'static str {
            "logging"
        }
        fn start(&mut self, _: &Resource, stats: Arc<ExporterStats>) -> Result<(), ExporterError> {
            self.1 = stats;
            Ok(())
        }
        fn takes_logs(&self) -> bool {
            true
        }
        fn export(&mut self, _: &SpanView<'_>) {}
        fn log(&mut self, _: &LogView<'_>) {
            say(self.0, Severity::ERROR, "exporting");
            self.1.add_exported_logs(1);
        }
        fn tick(&mut self, _: Instant) {
            say(self.0, Severity::ERROR, "ticking");
        }
        fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
            Ok(())
        }
        fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
            Ok(())
        }
    }
    let site = site("exporter");
    let telemetry = install(Config::new().with_exporter(Logging(site, Arc::default()))).unwrap();
    (0..100).for_each(|_| say(site, Severity::INFO, "from outside"));
    let stats = telemetry.shutdown(PATIENCE).unwrap();
    assert_eq!(
        (stats.recorded_logs, stats.exporters[0].exported_logs),
        (100, 100)
    );
}
