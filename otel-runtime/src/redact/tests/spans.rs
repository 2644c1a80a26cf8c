//! Whole spans and metrics.

use std::borrow::Cow;

use super::{Pattern, Redact, Redaction, Redactor};
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::export::{
    Array, Attribute, EventView, LinkView, LogView, Outcome, Scope, SpanData, SpanView, Status,
    Value,
};
use crate::log::Severity;
use crate::metric::{
    AttributeValue, Metric, MetricScope, Metrics, NumberPoint, NumberValue, Points, Temporality,
};
use crate::site::{Site, SiteSpec, SpanKind};

static SITE: Site = Site::new(SiteSpec::new("token=fixed", "m", "p", "1", "f.rs", 1, 1));

fn span<'a>(attributes: &'a [Attribute<'a>], events: &'a [EventView<'a>]) -> SpanView<'a> {
    SpanView {
        site: &SITE,
        name: SITE.name(),
        kind: SpanKind::Internal,
        scope: Scope {
            name: "p",
            version: "1",
        },
        trace_id: TraceId::new(1).unwrap(),
        span_id: SpanId::new(1).unwrap(),
        parent_span_id: None,
        parent_is_remote: false,
        trace_flags: TraceFlags::SAMPLED,
        trace_state: "",
        start_unix_ns: 1,
        end_unix_ns: 2,
        outcome: Outcome::Ok,
        status: Status::Unset,
        attributes,
        events,
        links: &[],
        dropped_attributes: 0,
        dropped_events: 0,
        dropped_links: 0,
        thread_id: 1,
    }
}

fn text<'a>(key: &'a str, value: &'a str) -> Attribute<'a> {
    Attribute {
        key,
        value: Value::Str(value),
    }
}

fn shown(redactor: &mut Redactor, span: &SpanView<'_>) -> SpanData {
    let mut data = None;
    redactor.show_span(span, |span| data = Some(SpanData::from(span)));
    data.unwrap()
}

fn hash_of(redactor: &Redactor, value: &str) -> String {
    redactor.text(&format!("phone={value}")).unwrap()["phone=".len()..].to_owned()
}

#[test]
fn every_part_of_a_span_is_searched() {
    let secret = "password=hunter2";
    let leaking = [text("note", secret)];
    let events = [
        EventView {
            name: "fine",
            unix_ns: 1,
            attributes: &[],
            dropped_attributes: 0,
        },
        EventView {
            name: secret,
            unix_ns: 1,
            attributes: &leaking,
            dropped_attributes: 0,
        },
    ];
    let links = [LinkView {
        trace_id: TraceId::new(1).unwrap(),
        span_id: SpanId::new(1).unwrap(),
        trace_flags: TraceFlags::SAMPLED,
        is_remote: false,
        trace_state: "",
        attributes: &leaking,
        dropped_attributes: 0,
    }];
    let list = [secret, "fine"];
    let attributes = [
        text("note", secret),
        text("fine", "fine"),
        Attribute {
            key: "list",
            value: Value::Array(Array::Strs(&list)),
        },
    ];
    let span = SpanView {
        name: secret,
        status: Status::Error(secret),
        links: &links,
        ..span(&attributes, &events)
    };
    let data = format!(
        "{:?}",
        shown(&mut Redactor::new(&Redaction::credentials()), &span)
    );
    assert!(!data.contains("hunter2"), "{data}");
    assert_eq!(data.matches("password=[redacted]").count(), 7, "{data}");
    assert_eq!(data.matches("fine").count(), 4, "{data}");
}

#[test]
fn every_part_of_a_log_record_is_searched() {
    let secret = "password=hunter2";
    let attributes = [text("note", secret), text("api_key", "hunter2")];
    let log = LogView {
        unix_ns: 1,
        observed_unix_ns: 1,
        severity: Severity::INFO,
        body: Value::Str(secret),
        event_name: secret,
        target: "t",
        module: None,
        file: None,
        line: 0,
        trace_id: None,
        span_id: None,
        trace_flags: TraceFlags::SAMPLED,
        attributes: &attributes,
        dropped_attributes: 0,
        thread_id: 1,
    };
    let mut redactor = Redactor::new(&Redaction::credentials());
    redactor.show_log(&log, |log| {
        let data = format!("{log:?}");
        assert!(!data.contains("hunter2"), "{data}");
        assert_eq!(data.matches("[redacted]").count(), 4, "{data}");
    });
    let list = LogView {
        body: Value::Array(Array::Strs(&[secret, "fine"])),
        event_name: "",
        attributes: &[],
        ..log
    };
    redactor.show_log(&list, |log| {
        let expected = ["password=[redacted]", "fine"];
        assert_eq!(log.body, Value::Array(Array::Strs(&expected)));
    });
    let clean = LogView {
        body: Value::Str("fine"),
        ..list
    };
    redactor.show_log(&clean, |log| assert!(std::ptr::eq(log, &clean)));
}

#[test]
fn a_span_with_nothing_to_hide_is_shown_itself() {
    let attributes = [text("http.route", "password=x"), text("a", "b")];
    let span = span(&attributes, &[]);
    let mut redactor = Redactor::new(&Redaction::credentials());
    redactor.show_span(&span, |shown| assert!(std::ptr::eq(shown, &span)));
}

#[test]
fn a_name_decides_about_the_whole_value_whatever_its_type() {
    let rules = Redaction::credentials()
        .name("phone", Redact::Hash)
        .name("note.*", Redact::Drop)
        .name("=page.token", Redact::Keep)
        .hash_key([7; 16]);
    let mut redactor = Redactor::new(&rules);
    let value = |key, value| Attribute { key, value };
    let attributes = [
        text("user.password", "hunter2"),
        value("pin.token", Value::Int(1234)),
        value("cookie", Value::Array(Array::Strs(&["a=b", "c=d"]))),
        value("has_password", Value::Bool(true)),
        text("secret", ""),
        text("x.cookie", "REDACTED"),
        text("user.phone", "1"),
        text("mobilePhone", "1"),
        text("phone", "2"),
        text("note.a", "x"),
        text("page.token", "password=x"),
    ];
    let first = shown(&mut redactor, &span(&attributes, &[])).attributes;
    let first: Vec<String> = first.iter().map(|it| format!("{it:?}")).collect();
    let (hash, other) = (hash_of(&redactor, "1"), hash_of(&redactor, "2"));
    for (place, expected) in [
        "[redacted]",
        "[redacted]",
        "[redacted]",
        "true",
        "\"\"",
        "REDACTED",
        &hash,
        &hash,
        &other,
        "password=x",
    ]
    .iter()
    .enumerate()
    {
        assert!(
            first[place].contains(expected),
            "{}: {expected}",
            first[place]
        );
    }
    assert_eq!(first.len(), 10);
    assert_ne!(hash, other);
}

#[test]
fn what_a_pattern_drops_leaves_its_attribute_out_and_is_masked_elsewhere() {
    let rules = Redaction::none().pattern(Pattern::Email, Redact::Drop);
    let mut redactor = Redactor::new(&rules);
    let attributes = [text("a", "to ada@example.com"), text("b", "c")];
    let span = SpanView {
        status: Status::Error("no ada@example.com"),
        ..span(&attributes, &[])
    };
    let data = format!("{:?}", shown(&mut redactor, &span));
    assert!(
        !data.contains("ada@") && data.contains("no [redacted:email]"),
        "{data}"
    );
    assert!(!data.contains("to "), "{data}");
}

#[test]
fn a_card_may_come_as_a_number() {
    let mut redactor = super::everything();
    let number = |number| {
        [Attribute {
            key: "n",
            value: Value::Int(number),
        }]
    };
    let hidden = number(4_111_111_111_111_111);
    assert!(format!("{:?}", shown(&mut redactor, &span(&hidden, &[]))).contains("[redacted:card]"));
    let seen = number(4_111_111_111_111_112);
    assert!(format!("{:?}", shown(&mut redactor, &span(&seen, &[]))).contains("4111111111111112"));
}

#[test]
fn series_that_cannot_be_told_apart_any_more_become_one() {
    let point = |label: Cow<'static, str>, value| NumberPoint {
        attributes: vec![("api_key".into(), AttributeValue::Str(label))],
        start_unix_ns: 1,
        unix_ns: 2,
        value: NumberValue::Int(value),
        exemplars: Vec::new(),
    };
    let mut metrics = Metrics {
        list: vec![Metric {
            name: "m".into(),
            unit: "".into(),
            description: "".into(),
            scope: MetricScope::default(),
            points: Points::Sum {
                is_monotonic: true,
                temporality: Temporality::Cumulative,
                points: vec![
                    point("a".to_owned().into(), 1),
                    point("b".to_owned().into(), 2),
                ],
            },
        }],
    };
    Redactor::new(&Redaction::credentials()).labels(&mut metrics);
    let Points::Sum { points, .. } = &metrics.list[0].points else {
        panic!("{metrics:?}");
    };
    assert_eq!(points.len(), 1);
    assert_eq!(points[0].value, NumberValue::Int(3));
    assert_eq!(points[0].attributes[0].1, "[redacted]".into());
}

#[test]
fn what_hides_is_called_as_what_is_counted() {
    let names: Vec<_> = Pattern::ALL.map(Pattern::name).into();
    assert_eq!(crate::stats::REDACTED_BY[1..], names[..]);
}
