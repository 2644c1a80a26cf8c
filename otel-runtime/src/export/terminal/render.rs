//! A tree of spans as text.

use std::fmt::{self, Write};

use super::escaped::Escaped;
use super::tree::Forest;
use crate::export::data::{EventData, SpanData, StatusData, ValueData};
use crate::export::view::Outcome;

/// How a tree is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenderOptions {
    /// With colours, as terminals understand them.
    pub color: bool,
    /// Of more children than this, the last are only counted.
    pub max_children: Option<usize>,
}

/// Writes spans as trees: names, durations, fields, events, and how they ended.
///
/// A span whose parent is not among them is a root; children stand in the order
/// of their start. Control characters in texts are escaped. Costs memory in
/// proportion to the spans, and does not recurse.
///
/// ```
/// use otel_runtime::export::terminal::{RenderOptions, render_trees};
///
/// assert_eq!(render_trees(&[], &RenderOptions::default()), "");
/// ```
#[must_use]
pub fn render_trees(spans: &[SpanData], options: &RenderOptions) -> String {
    let forest = Forest::new(spans);
    let mut out = String::new();
    let mut to_write: Vec<Line> = Vec::new();
    push_children(&mut to_write, forest.roots(), 0, "", usize::MAX);
    while let Some(line) = to_write.pop() {
        match line {
            Line::Span {
                index,
                depth,
                prefix,
                is_last,
            } => {
                let span = forest.span(index);
                let (branch, below) = match (depth, is_last) {
                    (0, _) => ("", ""),
                    (_, false) => ("├─ ", "│  "),
                    (_, true) => ("└─ ", "   "),
                };
                put(&mut out, options, DIM, &format_args!("{prefix}{branch}"));
                put_span(&mut out, options, span);
                let below = if depth < DEEPEST {
                    format!("{prefix}{below}")
                } else {
                    prefix
                };
                let children = forest.children(index);
                let bar = if children.is_empty() { "   " } else { "│  " };
                for event in &span.events {
                    put(&mut out, options, DIM, &format_args!("{below}{bar}"));
                    put_event(&mut out, options, span, event);
                }
                let most = options.max_children.unwrap_or(usize::MAX);
                push_children(&mut to_write, children, depth + 1, &below, most);
            }
            Line::More { count, prefix } => {
                let text = format_args!("{prefix}└─ and {count} more");
                put(&mut out, options, DIM, &text);
                out.push('\n');
            }
        }
    }
    out
}

enum Line {
    Span {
        index: usize,
        depth: usize,
        /// The bars of the ancestors.
        prefix: String,
        is_last: bool,
    },
    More {
        count: usize,
        prefix: String,
    },
}

/// From here on, children are not indented further: a line would be nothing but bars.
const DEEPEST: usize = 40;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const YELLOW: &str = "33";
const CYAN: &str = "36";

/// Puts the lines of siblings on the stack, the first on top.
fn push_children(
    to_write: &mut Vec<Line>,
    children: &[usize],
    depth: usize,
    prefix: &str,
    most: usize,
) {
    let shown = children.len().min(most);
    let hidden = children.len() - shown;
    if hidden > 0 {
        to_write.push(Line::More {
            count: hidden,
            prefix: prefix.to_owned(),
        });
    }
    for (position, &index) in children[..shown].iter().enumerate().rev() {
        to_write.push(Line::Span {
            index,
            depth,
            prefix: prefix.to_owned(),
            is_last: hidden == 0 && position + 1 == shown,
        });
    }
}

fn put_span(out: &mut String, options: &RenderOptions, span: &SpanData) {
    put(out, options, BOLD, &Escaped(&span.name));
    out.push(' ');
    put(out, options, DIM, &Duration(span.duration_ns()));
    let attributes = span.attributes.iter();
    put_attributes(
        out,
        options,
        attributes.filter(|it| !repeats_outcome(span, it)),
    );
    let (color, word) = match span.outcome {
        // the status alone may say that it failed
        Outcome::Ok | Outcome::Error => (RED, "error"),
        Outcome::Panicked => (RED, "panicked"),
        Outcome::Cancelled => (YELLOW, "cancelled"),
    };
    match &span.status {
        StatusData::Error(reason) if reason.is_empty() => {
            out.push_str("  ");
            put(out, options, color, &word);
        }
        StatusData::Error(reason) => {
            out.push_str("  ");
            put(
                out,
                options,
                color,
                &format_args!("{word}: {}", Escaped(reason)),
            );
        }
        _ if span.outcome != Outcome::Ok => {
            out.push_str("  ");
            put(out, options, color, &word);
        }
        _ => {}
    }
    out.push('\n');
}

/// True for what the collector notes for receivers that know no outcomes: here a word says it.
fn repeats_outcome(span: &SpanData, (key, _): &(String, ValueData)) -> bool {
    span.outcome == Outcome::Cancelled && key == "otelkit.outcome"
}

fn put_event(out: &mut String, options: &RenderOptions, span: &SpanData, event: &EventData) {
    let after = event.unix_ns.saturating_sub(span.start_unix_ns);
    put(out, options, DIM, &format_args!("+{} ", Duration(after)));
    put(out, options, YELLOW, &Escaped(&event.name));
    put_attributes(out, options, &event.attributes);
    out.push('\n');
}

fn put_attributes<'a>(
    out: &mut String,
    options: &RenderOptions,
    attributes: impl IntoIterator<Item = &'a (String, ValueData)>,
) {
    for (key, value) in attributes {
        out.push_str("  ");
        put(out, options, CYAN, &Escaped(key));
        let _ = write!(out, "={}", Shown(value));
    }
}

fn put(out: &mut String, options: &RenderOptions, color: &str, text: &dyn fmt::Display) {
    // writing to a string cannot fail
    let _ = if options.color {
        write!(out, "\x1b[{color}m{text}\x1b[0m")
    } else {
        write!(out, "{text}")
    };
}

/// Three digits and a unit.
pub(super) struct Duration(pub(super) u64);

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ns = self.0;
        if ns < 1_000 {
            return write!(f, "{ns} ns");
        }
        let (unit_ns, unit) = match ns {
            0..1_000_000 => (1_000, "µs"),
            1_000_000..1_000_000_000 => (1_000_000, "ms"),
            _ => (1_000_000_000, "s"),
        };
        let value = ns as f64 / unit_ns as f64;
        let decimals = match ns / unit_ns {
            0..10 => 2,
            10..100 => 1,
            _ => 0,
        };
        write!(f, "{value:.decimals$} {unit}")
    }
}

struct Shown<'a>(&'a ValueData);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn list<T>(
            f: &mut fmt::Formatter<'_>,
            values: &[T],
            show: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
        ) -> fmt::Result {
            f.write_char('[')?;
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    f.write_str(", ")?;
                }
                show(f, value)?;
            }
            f.write_char(']')
        }

        match self.0 {
            ValueData::Bool(value) => write!(f, "{value}"),
            ValueData::Int(value) => write!(f, "{value}"),
            ValueData::Double(value) => write!(f, "{value}"),
            ValueData::Str(value) => write!(f, "{}", Escaped(value)),
            ValueData::Bools(values) => list(f, values, |f, value| write!(f, "{value}")),
            ValueData::Ints(values) => list(f, values, |f, value| write!(f, "{value}")),
            ValueData::Doubles(values) => list(f, values, |f, value| write!(f, "{value}")),
            ValueData::Strs(values) => list(f, values, |f, value| write!(f, "{}", Escaped(value))),
        }
    }
}
