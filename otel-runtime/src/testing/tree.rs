//! Captured spans, and what one asserts on them.

use std::collections::HashMap;
use std::fmt;

use crate::context::SpanId;
use crate::export::{Outcome, SpanData, ValueData};

/// Spans of one test, parents before their children, siblings by their start.
#[derive(Clone, Debug, PartialEq)]
pub struct Spans(Vec<SpanData>);

impl Spans {
    pub(super) fn new(mut spans: Vec<SpanData>) -> Self {
        spans.sort_by_key(|span| span.start_unix_ns);
        let known: Vec<SpanId> = spans.iter().map(|span| span.span_id).collect();
        let mut children: HashMap<Option<SpanId>, Vec<SpanData>> = HashMap::new();
        for span in spans {
            let parent = span.parent_span_id.filter(|parent| known.contains(parent));
            children.entry(parent).or_default().push(span);
        }
        let mut ordered = Vec::with_capacity(known.len());
        let mut open: Vec<SpanData> = children.remove(&None).unwrap_or_default();
        open.reverse();
        while let Some(span) = open.pop() {
            if let Some(below) = children.remove(&Some(span.span_id)) {
                open.extend(below.into_iter().rev());
            }
            ordered.push(span);
        }
        Self(ordered)
    }

    /// The spans.
    pub fn iter(&self) -> impl Iterator<Item = &SpanData> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first span of this name.
    ///
    /// # Panics
    /// If there is none; the message shows the tree.
    #[must_use]
    #[track_caller]
    pub fn named(&self, name: &str) -> &SpanData {
        let found = self.0.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("no span named `{name}` among:\n{self}"))
    }

    /// The parent of a span, if it was captured as well.
    #[must_use]
    pub fn parent_of(&self, span: &SpanData) -> Option<&SpanData> {
        let parent = span.parent_span_id?;
        self.0.iter().find(|other| other.span_id == parent)
    }

    /// The children of a span, by their start.
    pub fn children_of(&self, span: &SpanData) -> impl Iterator<Item = &SpanData> {
        let id = span.span_id;
        self.0
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

    fn depth(&self, span: &SpanData) -> usize {
        std::iter::successors(self.parent_of(span), |span| self.parent_of(span)).count()
    }
}

impl fmt::Display for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for span in &self.0 {
            write!(
                f,
                "{:indent$}{}",
                "",
                span.name,
                indent = 2 * self.depth(span)
            )?;
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
