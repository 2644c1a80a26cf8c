//! From a list of spans to a tree that a person can read: many siblings of one name become one
//! node, and so do their children.

use std::collections::HashMap;

use otel_runtime::SpanId;
use otel_runtime::export::Outcome;

use super::keep::{Field, KeptSpan};

/// As many siblings of one name stand for themselves; more are folded.
const HANDFUL: usize = 4;

/// The fields in which the runtime says how long an async span was at work, and how long it waited.
const BUSY: &str = "busy_ns";
const IDLE: &str = "idle_ns";
/// The field in which it says that a span was cancelled, for receivers that know no outcomes.
const OUTCOME: &str = "otelkit.outcome";

/// How much of the tree is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Many siblings of one name are one node.
    Folded,
    /// Every span is a node.
    Full,
}

/// One span, or several siblings of one name that ended alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// The spans, by start; never empty.
    pub spans: Vec<&'a KeptSpan>,
    /// What happened inside them.
    pub children: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    /// The first of its spans.
    #[must_use]
    pub fn first(&self) -> &'a KeptSpan {
        self.spans[0]
    }

    /// How long its spans took: sorted, in nanoseconds.
    #[must_use]
    pub fn durations_ns(&self) -> Vec<u64> {
        let mut durations: Vec<u64> = self.spans.iter().map(|span| span.duration_ns).collect();
        durations.sort_unstable();
        durations
    }

    /// How long its spans were at work, in nanoseconds, if each of them says so: an async span
    /// also waits.
    #[must_use]
    pub fn busy_ns(&self) -> Option<u64> {
        let busy = |span: &KeptSpan| {
            span.fields.iter().find_map(|(key, value)| match value {
                Field::Int(ns) if **key == *BUSY => u64::try_from(*ns).ok(),
                _ => None,
            })
        };
        self.spans.iter().map(|span| busy(span)).sum()
    }

    /// The fields that say something about all its spans: those they agree on, and ranges of
    /// whole numbers; without the times and the outcome, which stand by themselves, and without
    /// what only says the name again.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'a str, String)> {
        let mut fields = Vec::new();
        for (key, first) in &self.first().fields {
            let is_name = matches!(first, Field::Text(text) if *text == self.first().name);
            if is_name || [BUSY, IDLE, OUTCOME].contains(&&**key) {
                continue;
            }
            let mut values = self.spans.iter().map(|span| {
                span.fields
                    .iter()
                    .find(|(other, _)| other == key)
                    .map(|(_, value)| value)
            });
            if values.clone().all(|value| value == Some(first)) {
                fields.push((&**key, show(first)));
            } else if let Some((low, high)) =
                values.try_fold((i64::MAX, i64::MIN), |(low, high), it| match it {
                    Some(Field::Int(number)) => Some((low.min(*number), high.max(*number))),
                    _ => None,
                })
            {
                fields.push((&**key, format!("{low}..{high}")));
            }
        }
        fields
    }
}

/// Builds the tree, or the trees: a span whose parent is not in the list is a root.
#[must_use]
pub fn fold(spans: &[KeptSpan], detail: Detail) -> Vec<Node<'_>> {
    let known: HashMap<SpanId, ()> = spans.iter().map(|span| (span.span_id, ())).collect();
    let mut family = Family {
        children: HashMap::new(),
        detail,
    };
    let mut roots = Vec::new();
    for span in spans {
        match span
            .parent_span_id
            .filter(|parent| known.contains_key(parent))
        {
            Some(parent) => family.children.entry(parent).or_default().push(span),
            None => roots.push(span),
        }
    }
    family.siblings(roots, HANDFUL)
}

struct Family<'a> {
    children: HashMap<SpanId, Vec<&'a KeptSpan>>,
    detail: Detail,
}

impl<'a> Family<'a> {
    /// Siblings as nodes, by the start of their first span; more than `limit` alike are folded.
    fn siblings(&self, mut spans: Vec<&'a KeptSpan>, limit: usize) -> Vec<Node<'a>> {
        spans.sort_by_key(|span| (span.start_unix_ns, span.span_id));
        if self.detail == Detail::Full {
            return spans
                .into_iter()
                .map(|span| self.node(vec![span]))
                .collect();
        }
        let mut alike: HashMap<(&str, Outcome), Vec<&'a KeptSpan>> = HashMap::new();
        for span in &spans {
            alike
                .entry((&span.name, span.outcome))
                .or_default()
                .push(span);
        }
        let mut nodes = Vec::new();
        for span in spans {
            let key = (&*span.name, span.outcome);
            match alike.get(&key) {
                Some(group) if group.len() <= limit => nodes.push(self.node(vec![span])),
                // at the first of the group stands the whole group
                Some(_) => nodes.extend(alike.remove(&key).map(|group| self.node(group))),
                None => {}
            }
        }
        nodes
    }

    fn node(&self, spans: Vec<&'a KeptSpan>) -> Node<'a> {
        let children: Vec<&'a KeptSpan> = spans
            .iter()
            .filter_map(|span| self.children.get(&span.span_id))
            .flatten()
            .copied()
            .collect();
        // the children of several spans are never shown one by one
        let limit = if spans.len() > 1 { 1 } else { HANDFUL };
        Node {
            children: self.siblings(children, limit),
            spans,
        }
    }
}

/// One value, safe to print: a lock file may say anything, a terminal obeys some of it.
fn show(field: &Field) -> String {
    match field {
        Field::Int(number) => number.to_string(),
        Field::Text(text) => super::write::printable(text),
    }
}
