//! Log records as lines: what a reader of JSON understands is what was said.

use otel_runtime::export::lines::{LineEncoder, LineForm};
use otel_runtime::export::{Array, Attribute, LogView, Value};
use otel_runtime::log::Severity;
use otel_runtime::{Resource, SpanId, TraceFlags, TraceId};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, json};

const RESERVED: [&str; 12] = [
    "time",
    "severity",
    "message",
    "event_name",
    "target",
    "file",
    "line",
    "service.name",
    "service.version",
    "trace_id",
    "span_id",
    "dropped_attributes",
];

/// A value that owns what it says.
#[derive(Clone, Debug)]
enum Said {
    Bool(bool),
    Int(i64),
    Double(f64),
    Str(String),
    Ints(Vec<i64>),
    Doubles(Vec<f64>),
    Strs(Vec<String>),
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        // what breaks lines, moves cursors, turns directions, or ends a text
        "[\u{0}-\u{1f}\"\\\\\u{7f}-\u{9f}\u{2028}\u{2029}\u{202a}-\u{202e}\u{2066}-\u{2069}a😀]{0,20}",
        Just("x".repeat(5000)),
    ]
}

fn double() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        any::<bool>().prop_map(Said::Bool),
        any::<i64>().prop_map(Said::Int),
        double().prop_map(Said::Double),
        text().prop_map(Said::Str),
        vec(any::<i64>(), 0..4).prop_map(Said::Ints),
        vec(double(), 0..4).prop_map(Said::Doubles),
        vec(text(), 0..4).prop_map(Said::Strs),
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        text(),
        "[a-z]{1,3}(\\.[a-z]{1,3}){0,2}",
        Just(String::new()),
        ("(field\\.){0,3}", prop::sample::select(&RESERVED[..]))
            .prop_map(|(prefix, key)| format!("{prefix}{key}")),
    ]
}

fn resource() -> Resource {
    let mut resource = Resource::default();
    resource.set("service.name", "tests \"1\"");
    resource.set("service.version", "0.1");
    resource.set("host.name", "not here");
    resource
}

/// Lends a record with these fields.
fn with_view<T>(fields: &[(String, Said)], body: &Said, look: impl FnOnce(&LogView<'_>) -> T) -> T {
    let texts: Vec<Vec<&str>> = fields
        .iter()
        .map(|(_, value)| match value {
            Said::Strs(texts) => texts.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        })
        .collect();
    let body_texts: Vec<&str> = match body {
        Said::Strs(texts) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let attributes: Vec<Attribute<'_>> = fields
        .iter()
        .zip(&texts)
        .map(|((key, value), texts)| Attribute {
            key,
            value: view(value, texts),
        })
        .collect();
    look(&LogView {
        unix_ns: 1_709_208_000_123_456_789,
        observed_unix_ns: 0,
        severity: Severity::WARN,
        body: view(body, &body_texts),
        event_name: "",
        target: "shop::cart",
        module: Some("shop::cart"),
        file: Some("src/cart.rs"),
        line: 17,
        trace_id: TraceId::new(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736),
        span_id: SpanId::new(0x00f0_67aa_0ba9_02b7),
        trace_flags: TraceFlags::SAMPLED,
        attributes: &attributes,
        dropped_attributes: 2,
        thread_id: 1,
    })
}

fn view<'a>(said: &'a Said, texts: &'a [&'a str]) -> Value<'a> {
    match said {
        Said::Bool(value) => Value::Bool(*value),
        Said::Int(value) => Value::Int(*value),
        Said::Double(value) => Value::Double(*value),
        Said::Str(value) => Value::Str(value),
        Said::Ints(values) => Value::Array(Array::Ints(values)),
        Said::Doubles(values) => Value::Array(Array::Doubles(values)),
        Said::Strs(_) => Value::Array(Array::Strs(texts)),
    }
}

fn line(form: LineForm, fields: &[(String, Said)], body: &Said) -> String {
    let mut line = Vec::new();
    let mut encoder = LineEncoder::new(form, &resource());
    with_view(fields, body, |view| encoder.put(&mut line, view));
    String::from_utf8(line).unwrap()
}

/// What a reader must find.
fn expected(said: &Said) -> serde_json::Value {
    let double = |value: &f64| match value {
        value if value.is_nan() => json!("NaN"),
        value if value.is_infinite() && *value > 0.0 => json!("Infinity"),
        value if value.is_infinite() => json!("-Infinity"),
        value => json!(value),
    };
    match said {
        Said::Bool(value) => json!(value),
        Said::Int(value) => json!(value),
        Said::Double(value) => double(value),
        Said::Str(value) => json!(value),
        Said::Ints(values) => json!(values),
        Said::Doubles(values) => values.iter().map(double).collect(),
        Said::Strs(values) => json!(values),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_reader_of_json_finds_every_field_once_with_its_type(
        fields in btree_map(key(), said(), 0..8),
        body in said(),
    ) {
        let fields: Vec<_> = fields.into_iter().collect();
        let line = line(LineForm::Json, &fields, &body);
        let object: Map<String, serde_json::Value> = serde_json::from_str(&line).unwrap();
        prop_assert_eq!(&object["message"], &expected(&body));
        prop_assert_eq!(&object["time"], "2024-02-29T12:00:00.123456789Z");
        // nothing has replaced a member of the line's own, and no two fields have become one
        prop_assert_eq!(object.len(), RESERVED.len() - 1 + fields.len());
        for (key, said) in &fields {
            let bare = key.trim_start_matches("field.");
            let name = if RESERVED.contains(&bare) { format!("field.{key}") } else { key.clone() };
            prop_assert_eq!(object.get(&name), Some(&expected(said)), "{}", name);
        }
    }

    #[test]
    fn a_record_is_one_line_that_no_terminal_obeys(
        fields in btree_map(key(), said(), 0..8),
        body in said(),
        color in any::<bool>(),
    ) {
        let fields: Vec<_> = fields.into_iter().collect();
        for form in [LineForm::Json, LineForm::Readable { color }] {
            let line = line(form, &fields, &body);
            let text = line.strip_suffix('\n').unwrap();
            let text = text.replace("\u{1b}[0m", "");
            let colors = ["1", "2", "31", "32", "33", "34", "36"];
            let text = colors.iter().fold(text, |text, color| {
                text.replace(&format!("\u{1b}[{color}m"), "")
            });
            let harmful = |c: char| {
                c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            prop_assert!(!text.contains(harmful), "{:?}", text);
        }
    }
}

#[test]
fn a_line_of_json_has_its_members_in_order() {
    let fields = [
        ("order.id".to_owned(), Said::Int(7)),
        ("time".to_owned(), Said::Str("noon".to_owned())),
        ("exact".to_owned(), Said::Bool(true)),
    ];
    let line = line(LineForm::Json, &fields, &Said::Str("3 apples".to_owned()));
    assert_eq!(
        line,
        "{\"time\":\"2024-02-29T12:00:00.123456789Z\",\"severity\":\"WARN\",\
         \"message\":\"3 apples\",\"target\":\"shop::cart\",\"file\":\"src/cart.rs\",\"line\":17,\
         \"service.name\":\"tests \\\"1\\\"\",\"service.version\":\"0.1\",\
         \"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"00f067aa0ba902b7\",\
         \"order.id\":7,\"field.time\":\"noon\",\"exact\":true,\"dropped_attributes\":2}\n"
    );
}

#[test]
fn a_line_for_people_says_the_same() {
    let fields = [
        ("order.id".to_owned(), Said::Int(7)),
        ("from".to_owned(), Said::Str("a b\u{1b}[31m".to_owned())),
        ("to".to_owned(), Said::Str("me".to_owned())),
        ("parts".to_owned(), Said::Doubles(vec![0.5, 1.0])),
    ];
    let body = Said::Str("3 apples\nfrom the tree".to_owned());
    let plain = line(LineForm::Readable { color: false }, &fields, &body);
    assert_eq!(
        plain,
        "2024-02-29T12:00:00.123456Z  WARN shop::cart: 3 apples\\nfrom the tree order.id=7 \
         from=\"a b\\u001b[31m\" to=me parts=[0.5, 1] at src/cart.rs:17 \
         trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7\n"
    );
    let colored = line(LineForm::Readable { color: true }, &fields, &body);
    assert!(colored.contains("\u{1b}[33m WARN\u{1b}[0m"), "{colored:?}");
    assert!(
        colored.contains("\u{1b}[36morder.id\u{1b}[0m=7"),
        "{colored:?}"
    );
}

#[test]
fn a_record_that_knows_little_is_a_short_line() {
    let mut line = Vec::new();
    let view = LogView {
        unix_ns: 0,
        observed_unix_ns: 0,
        severity: Severity::INFO,
        body: Value::Str(""),
        event_name: "order.placed",
        target: "",
        module: None,
        file: None,
        line: 0,
        trace_id: None,
        span_id: None,
        trace_flags: TraceFlags::default(),
        attributes: &[],
        dropped_attributes: 0,
        thread_id: 1,
    };
    LineEncoder::new(LineForm::Json, &Resource::default()).put(&mut line, &view);
    assert_eq!(
        String::from_utf8(line).unwrap(),
        "{\"time\":\"1970-01-01T00:00:00.000000000Z\",\"severity\":\"INFO\",\"message\":\"\",\
         \"event_name\":\"order.placed\",\"target\":\"\"}\n"
    );
}
