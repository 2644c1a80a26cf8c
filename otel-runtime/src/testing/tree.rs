//! Captured spans, and what one asserts on them.

use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::context::SpanId;
use crate::export::{Outcome, SpanData, ValueData};

/// Spans of one test, parents before their children, siblings by their start.
#[derive(Clone, Debug, PartialEq)]
pub struct Spans {
    spans: Vec<SpanData>,
    /// How many captured ancestors each has.
    depths: Vec<usize>,
}

impl Spans {
    pub(super) fn new(mut spans: Vec<SpanData>) -> Self {
        spans.sort_by_key(|span| span.start_unix_ns);
        let known: HashSet<SpanId> = spans.iter().map(|span| span.span_id).collect();
        let mut children: HashMap<Option<SpanId>, Vec<SpanData>> = HashMap::new();
        for span in spans {
            let parent = span.parent_span_id.filter(|parent| known.contains(parent));
            children.entry(parent).or_default().push(span);
        }
        let mut below = |parent, depth| {
            let spans = children.remove(&parent).unwrap_or_default();
            spans.into_iter().rev().map(move |span| (span, depth))
        };
        let mut open: Vec<(SpanData, usize)> = below(None, 0).collect();
        let (mut spans, mut depths) = (Vec::new(), Vec::new());
        while let Some((span, depth)) = open.pop() {
            open.extend(below(Some(span.span_id), depth + 1));
            spans.push(span);
            depths.push(depth);
        }
        Self { spans, depths }
    }

    /// The spans.
    pub fn iter(&self) -> impl Iterator<Item = &SpanData> {
        self.spans.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The first span of this name.
    ///
    /// # Panics
    /// If there is none; the message shows the tree.
    #[must_use]
    #[track_caller]
    pub fn named(&self, name: &str) -> &SpanData {
        let found = self.spans.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("no span named `{name}` among:\n{self}"))
    }

    /// The parent of a span, if it was captured as well.
    #[must_use]
    pub fn parent_of(&self, span: &SpanData) -> Option<&SpanData> {
        let parent = span.parent_span_id?;
        self.spans.iter().find(|other| other.span_id == parent)
    }

    /// The children of a span, by their start.
    pub fn children_of(&self, span: &SpanData) -> impl Iterator<Item = &SpanData> {
        let id = span.span_id;
        self.spans
            .iter()
            .filter(move |other| other.parent_span_id == Some(id))
    }

    /// Asserts that the spans are this tree: a line a span, two spaces further in for each level,
    /// the name, `key=value` for each attribute, and the outcome in brackets unless it is ok.
    ///
    /// Blank lines, and what all lines are indented by, do not count.
    ///
    /// # Panics
    /// If they are not; the message shows both.
    #[track_caller]
    pub fn assert_tree(&self, expected: &str) {
        let actual = self.to_string();
        let expected = without_indent(expected);
        assert!(
            actual.trim_end() == expected.trim_end(),
            "the spans are not as expected\n--- expected\n{expected}--- captured\n{actual}",
        );
    }
}

impl fmt::Display for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (span, depth) in self.spans.iter().zip(&self.depths) {
            (0..*depth).try_for_each(|_| f.write_str("  "))?;
            f.write_str(&span.name)?;
            for (key, value) in &span.attributes {
                write!(f, " {key}=")?;
                write_value(f, value)?;
            }
            match span.outcome {
                Outcome::Ok => {}
                Outcome::Error => f.write_str(" [error]")?,
                Outcome::Panicked => f.write_str(" [panicked]")?,
                Outcome::Cancelled => f.write_str(" [cancelled]")?,
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &ValueData) -> fmt::Result {
    match value {
        ValueData::Str(text) => f.write_str(text),
        ValueData::Bool(value) => write!(f, "{value}"),
        ValueData::Int(value) => write!(f, "{value}"),
        ValueData::Double(value) => write!(f, "{value}"),
        array => write!(f, "{array:?}"),
    }
}

fn without_indent(text: &str) -> String {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines()
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    lines()
        .map(|line| format!("{}\n", line[indent..].trim_end()))
        .collect()
}
