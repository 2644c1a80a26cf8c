//! Records as events of spans.

use log::kv::{Key, Value};
use log::{Level, Log, Record};
use otel_runtime::export::ValueData;
use otel_runtime::traced;
use otelkit_log::Logger;

use crate::{Logged, messages};

fn say(level: Level, message: &'static str) {
    let fields = [("items", 3)];
    let fields: Vec<(Key<'_>, Value<'_>)> = fields
        .iter()
        .map(|(key, value)| (Key::from(*key), Value::from(*value)))
        .collect();
    Logger::new().as_events().log(
        &Record::builder()
            .args(format_args!("{message}"))
            .level(level)
            .target("shop")
            .key_values(&fields)
            .build(),
    );
}

#[traced]
fn within() {
    say(Level::Warn, "in a span");
    say(Level::Debug, "not heard");
}

#[test]
fn a_record_within_a_span_is_an_event_and_elsewhere_a_record() {
    let logged = Logged::start("info");
    within();
    say(Level::Info, "in none");
    let spans = logged.spans();
    let [event] = &spans[0].events[..] else {
        panic!("one event: {spans:?}");
    };
    assert_eq!(event.name, "log");
    let text = |text: &str| ValueData::Str(text.to_owned());
    for (key, expected) in [
        ("log.severity", text("WARN")),
        ("log.message", text("in a span")),
        ("log.target", text("shop")),
        ("items", ValueData::Int(3)),
    ] {
        assert_eq!(event.attribute(key), Some(&expected), "{key}");
    }
    assert_eq!(messages(&logged.logs()), ["in none"]);
}
