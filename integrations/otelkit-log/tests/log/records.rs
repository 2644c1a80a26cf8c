//! What a record becomes.

use std::fmt;

use otel_runtime::export::ValueData;
use otel_runtime::log::Severity;
use otel_runtime::{Context, current_context, traced};

use crate::{Logged, messages};

#[traced]
fn within<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[test]
fn a_record_says_what_where_and_within_which_span() {
    let logged = Logged::start("trace");
    let span = within(|| {
        log::warn!(target: "shop::cart", "low on {}", "apples");
        current_context().unwrap()
    });
    let line = line!() - 3;
    let log = logged.log();
    assert_eq!(log.message(), "low on apples");
    assert_eq!(log.severity, Severity::WARN);
    assert_eq!(log.target, "shop::cart");
    assert_eq!(log.module.as_deref(), Some(module_path!()));
    assert_eq!(log.file.as_deref(), Some(file!()));
    assert_eq!(log.line, line);
    assert_eq!(log.trace_id, Some(span.trace_id));
    assert_eq!(log.span_id, Some(span.span_id));
    assert!(log.trace_flags.is_sampled());
    assert!(log.attributes.is_empty());
}

#[test]
fn every_level_has_its_severity_and_none_needs_a_span() {
    let logged = Logged::start("trace");
    for level in log::Level::iter() {
        log::log!(level, "as {level}");
    }
    let severities: Vec<_> = logged.logs().iter().map(|log| log.severity).collect();
    let expected = [
        Severity::ERROR,
        Severity::WARN,
        Severity::INFO,
        Severity::DEBUG,
        Severity::TRACE,
    ];
    assert_eq!(severities, expected);
    assert!(logged.logs().iter().all(|log| log.span_id.is_none()));
}

#[test]
fn key_values_keep_their_types() {
    let logged = Logged::start("info");
    let nothing: Option<i32> = None;
    let error = fmt::Error;
    let texts = "größe";
    log::info!(
        int = -3,
        big = u64::MAX,
        double = 0.5,
        truth = true,
        text = texts,
        letter = 'x',
        shown:% = error,
        told:? = Some(1),
        some = Some(5),
        nothing = nothing;
        "with values"
    );
    let log = logged.log();
    let text = |text: &str| Some(ValueData::Str(text.to_owned()));
    for (key, expected) in [
        ("int", Some(ValueData::Int(-3))),
        ("big", text("18446744073709551615")),
        ("double", Some(ValueData::Double(0.5))),
        ("truth", Some(ValueData::Bool(true))),
        ("text", text("größe")),
        ("letter", text("x")),
        ("shown", text(&error.to_string())),
        ("told", text("Some(1)")),
        ("some", Some(ValueData::Int(5))),
        ("nothing", None),
    ] {
        assert_eq!(log.attribute(key).cloned(), expected, "{key}");
    }
}

#[test]
fn a_message_that_logs_itself_is_a_record_of_its_own() {
    struct Chatty;
    impl fmt::Display for Chatty {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            log::info!("asked");
            f.write_str("chatty")
        }
    }
    let logged = Logged::start("info");
    log::info!(said:% = Chatty; "it is {Chatty}");
    let logs = logged.logs();
    assert_eq!(messages(&logs), ["it is chatty", "asked", "asked"]);
}

#[test]
fn a_message_that_panics_harms_nobody() {
    struct Broken;
    impl fmt::Display for Broken {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("while it is formatted");
        }
    }
    let logged = Logged::start("info");
    log::info!("{Broken}");
    log::info!("after");
    let logs = logged.logs();
    assert_eq!(messages(&logs)[1], "after");
    assert!(messages(&logs)[0].contains("panicked"), "{logs:?}");
}

#[test]
fn threads_log_at_once_and_each_within_its_span() {
    const EACH: usize = 200;
    let logged = Logged::start("info");
    within(|| {
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let work = move || (0..EACH).for_each(|number| log::info!(thread, number; "said"));
                scope.spawn(Context::current().wrap(work));
            }
        });
    });
    let logs = logged.logs();
    assert_eq!(logs.len(), 4 * EACH);
    let [span] = &logged.spans()[..] else {
        panic!("one span");
    };
    for log in &logs {
        assert_eq!(log.span_id, Some(span.span_id));
    }
    let numbers = |thread: i64| -> Vec<_> {
        let of_thread = |log: &&otel_runtime::export::LogData| {
            log.attribute("thread") == Some(&ValueData::Int(thread))
        };
        let of_thread = logs.iter().filter(of_thread);
        of_thread
            .map(|log| log.attribute("number").cloned())
            .collect()
    };
    let expected: Vec<_> = (0..EACH)
        .map(|number| Some(ValueData::Int(number as i64)))
        .collect();
    for thread in 0..4 {
        assert_eq!(numbers(thread), expected);
    }
}

#[test]
fn a_second_logger_is_refused() {
    let _logged = Logged::start("info");
    let error = otelkit_log::install().unwrap_err();
    assert!(error.to_string().contains("another logger"));
}
