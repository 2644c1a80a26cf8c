//! The tree as text.

use std::fmt::Write;

use otel_runtime::Stats;
use otel_runtime::export::Outcome;

use super::fold::Node;

/// The longest name, and the longest value of a field, that is shown, in characters.
const MAX_CHARS: usize = 64;

/// The trees, one below the other, each span or group of spans on a line.
#[must_use]
pub fn tree(roots: &[Node<'_>]) -> String {
    let mut text = String::new();
    for root in roots {
        line(&mut text, root);
        branches(&mut text, &root.children, &mut String::new());
    }
    text
}

/// How many spans were recorded, and what became of them; by exporter, if there are several or
/// something was lost.
#[must_use]
pub fn closing(stats: &Stats) -> String {
    let mut text = format!(
        "spans: {} recorded, {} exported, {} dropped\n",
        stats.recorded,
        stats.exported(),
        stats.dropped(),
    );
    for (cause, spans) in &stats.dropped {
        let _ = writeln!(text, "  before the exporters: {spans} dropped ({cause})");
    }
    let exporters = || stats.exporters.iter().filter(|it| it.takes_spans);
    if exporters().count() > 1 || stats.dropped() > 0 {
        for exporter in exporters() {
            let _ = write!(text, "  {}: {} exported", exporter.name, exporter.exported);
            for (cause, spans) in &exporter.dropped {
                let _ = write!(text, ", {spans} dropped ({cause})");
            }
            text.push('\n');
        }
    }
    text
}

fn branches(text: &mut String, nodes: &[Node<'_>], indent: &mut String) {
    for (index, node) in nodes.iter().enumerate() {
        let is_last = index + 1 == nodes.len();
        text.push_str(indent);
        text.push_str(if is_last { "└─ " } else { "├─ " });
        line(text, node);
        let length = indent.len();
        indent.push_str(if is_last { "   " } else { "│  " });
        branches(text, &node.children, indent);
        indent.truncate(length);
    }
}

fn line(text: &mut String, node: &Node<'_>) {
    let first = node.first();
    text.push_str(&escaped(&cut(&first.name)));
    let durations = node.durations_ns();
    match durations[..] {
        [only] => text.push_str(&format!("  {}", duration(only))),
        [.., max] => {
            let total = durations.iter().sum();
            let p50 = durations[(durations.len() - 1) / 2];
            let _ = write!(
                text,
                " ×{}  {} (p50 {}, max {})",
                durations.len(),
                duration(total),
                duration(p50),
                duration(max),
            );
        }
        [] => {}
    }
    if let Some(busy) = node.busy_ns() {
        let _ = write!(text, ", busy {}", duration(busy));
    }
    for (key, value) in node.fields() {
        let _ = write!(text, "  {}={value}", printable(key));
    }
    match (first.outcome, &first.failure) {
        (Outcome::Ok, None) => {}
        (Outcome::Ok | Outcome::Error, failure) => {
            let reason = failure.as_deref().unwrap_or_default();
            let _ = write!(text, "  failed: {}", escaped(reason));
        }
        (Outcome::Panicked, _) => text.push_str("  panicked"),
        (Outcome::Cancelled, _) => text.push_str("  cancelled"),
    }
    text.push('\n');
}

/// Three digits and a unit.
pub(super) fn duration(ns: u64) -> String {
    let (value, unit) = match ns {
        0..1_000 => return format!("{ns} ns"),
        1_000..1_000_000 => (ns as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => (ns as f64 / 1e6, "ms"),
        _ => (ns as f64 / 1e9, "s"),
    };
    let decimals = match value {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}

/// A value on its own: quoted if it would run into its neighbours, cut if it is long.
pub(super) fn printable(text: &str) -> String {
    let shown = cut(text);
    if shown.is_empty() || shown.contains([' ', '"', '=']) {
        format!("\"{}\"", escaped(&shown))
    } else {
        escaped(&shown)
    }
}

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_CHARS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// No control characters, and nothing that a terminal would obey.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\'' | '"' | '\\' => escaped.push(character),
            other => escaped.extend(other.escape_debug()),
        }
    }
    escaped
}
