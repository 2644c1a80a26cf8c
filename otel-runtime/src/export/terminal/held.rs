//! Spans that wait for the root of their tree.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::context::{SpanId, TraceId};
use crate::export::data::SpanData;

/// Spans by trace, bounded in number.
#[derive(Debug, Default)]
pub(super) struct Held {
    traces: HashMap<TraceId, Vec<SpanData>>,
    /// Traces in the order in which they came; may name some that are gone.
    order: VecDeque<TraceId>,
    spans: usize,
}

const MAX_SPANS: usize = 10_000;

impl Held {
    /// Takes a span, and returns the spans that are to be written now, if any.
    pub(super) fn add(&mut self, span: SpanData) -> Option<Vec<SpanData>> {
        if span.is_local_root() {
            return Some(self.take_tree(span));
        }
        let trace_id = span.trace_id;
        let spans = self.traces.entry(trace_id).or_insert_with(|| {
            self.order.push_back(trace_id);
            Vec::new()
        });
        spans.push(span);
        self.spans += 1;
        if self.spans > MAX_SPANS {
            return self.take_oldest();
        }
        None
    }

    /// The spans of the trace that has waited longest.
    pub(super) fn take_oldest(&mut self) -> Option<Vec<SpanData>> {
        while let Some(trace_id) = self.order.pop_front() {
            let spans = self.take_trace(trace_id);
            if !spans.is_empty() {
                return Some(spans);
            }
        }
        None
    }

    /// The spans of a trace.
    pub(super) fn take_trace(&mut self, trace_id: TraceId) -> Vec<SpanData> {
        let spans = self.traces.remove(&trace_id).unwrap_or_default();
        self.spans -= spans.len();
        // what names traces that are gone must not grow for ever
        if self.order.len() > 2 * self.traces.len() + 64 {
            self.order
                .retain(|trace_id| self.traces.contains_key(trace_id));
        }
        spans
    }

    /// The root and everything under it; other trees of the trace go on waiting.
    fn take_tree(&mut self, root: SpanData) -> Vec<SpanData> {
        let trace_id = root.trace_id;
        let spans = self.take_trace(trace_id);
        let mut children: HashMap<SpanId, Vec<SpanId>> = HashMap::new();
        for span in &spans {
            if let Some(parent) = span.parent_span_id {
                children.entry(parent).or_default().push(span.span_id);
            }
        }
        let mut below = HashSet::new();
        let mut to_visit = vec![root.span_id];
        while let Some(span_id) = to_visit.pop() {
            if below.insert(span_id) {
                to_visit.extend(children.get(&span_id).into_iter().flatten());
            }
        }
        let (mut tree, others): (Vec<_>, Vec<_>) = spans
            .into_iter()
            .partition(|span| below.contains(&span.span_id));
        tree.push(root);
        if !others.is_empty() {
            self.spans += others.len();
            self.order.push_back(trace_id);
            self.traces.insert(trace_id, others);
        }
        tree
    }
}
