//! Spans as a tree of lines.

use std::fmt::Write;

use otel_runtime::export::{Outcome, SpanData, StatusData, ValueData};

pub(crate) fn of(spans: &[SpanData]) -> String {
    let mut spans: Vec<&SpanData> = spans.iter().collect();
    spans.sort_by_key(|span| span.start_unix_ns);
    let is_root = |span: &&SpanData| {
        let parent = span.parent_span_id;
        !spans.iter().any(|other| Some(other.span_id) == parent)
    };
    let mut text = String::new();
    for root in spans.iter().copied().filter(is_root) {
        write(&mut text, root, 0, &spans);
    }
    text
}

fn write(text: &mut String, span: &SpanData, depth: usize, all: &[&SpanData]) {
    let indent = "  ".repeat(depth);
    let kind = format!("{:?}", span.kind).to_lowercase();
    *text += &format!("{indent}{kind} `{}`", span.name);
    for (key, value) in &span.attributes {
        let _ = write!(text, " {key}={}", shown(value));
    }
    match &span.status {
        StatusData::Unset => {}
        StatusData::Ok => *text += " [status ok]",
        StatusData::Error(message) if message.is_empty() => *text += " [status error]",
        StatusData::Error(message) => {
            let _ = write!(text, " [status error: {message}]");
        }
    }
    if span.outcome != Outcome::Ok {
        let _ = write!(text, " [{}]", format!("{:?}", span.outcome).to_lowercase());
    }
    text.push('\n');
    for event in &span.events {
        let _ = write!(text, "{indent}  * {}", event.name);
        if let Some(message) = event.attribute("exception.message") {
            let _ = write!(text, ": {}", shown(message));
        }
        text.push('\n');
    }
    for link in &span.links {
        let _ = writeln!(text, "{indent}  -> {}", link.span_id);
    }
    let below = |other: &&SpanData| {
        other.parent_span_id == Some(span.span_id) && other.trace_id == span.trace_id
    };
    for child in all.iter().copied().filter(below) {
        write(text, child, depth + 1, all);
    }
}

fn shown(value: &ValueData) -> String {
    match value {
        ValueData::Str(text) => text.clone(),
        ValueData::Bool(value) => value.to_string(),
        ValueData::Int(value) => value.to_string(),
        ValueData::Double(value) => value.to_string(),
        ValueData::Strs(values) => format!("{values:?}"),
        other => format!("{other:?}"),
    }
}
