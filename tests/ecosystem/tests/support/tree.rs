//! Spans as a tree of lines.

use otel_runtime::export::SpanData;

pub(crate) fn of(spans: &[&SpanData]) -> String {
    let mut spans = spans.to_vec();
    spans.sort_by_key(|span| span.start_unix_ns);
    let is_root = |span: &&SpanData| {
        !spans
            .iter()
            .any(|other| Some(other.span_id) == span.parent_span_id)
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
    let ended = match (&span.outcome, &span.status) {
        (otel_runtime::export::Outcome::Ok, otel_runtime::export::StatusData::Unset) => {
            String::new()
        }
        (outcome, status) => format!(" [{outcome:?}, {status:?}]"),
    };
    *text += &format!(
        "{indent}{kind} `{}` of {}{ended}\n",
        span.name, span.scope_name
    );
    let below = |other: &&SpanData| other.parent_span_id == Some(span.span_id);
    for child in all.iter().copied().filter(below) {
        write(text, child, depth + 1, all);
    }
}
