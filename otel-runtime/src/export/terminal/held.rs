//! Spans that wait for the root of their tree, and roots that wait for their last spans.

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
    /// Roots that have ended, with the tick at which they came.
    ended: VecDeque<(u64, SpanData)>,
    ticks: u64,
}

const MAX_SPANS: usize = 10_000;

/// How many ticks a tree waits after its root: the ring of another thread may be drained after the
/// root's, or had been drained before its last spans were written, and a span with notes waits for
/// them once more.
const TICKS_AFTER_ROOT: u64 = 3;

impl Held {
    /// Takes a span, and returns the spans that must be written now for want of room, if any.
    pub(super) fn add(&mut self, span: SpanData) -> Option<Vec<SpanData>> {
        self.spans += 1;
        if span.is_local_root() {
            self.ended.push_back((self.ticks, span));
        } else {
            let trace_id = span.trace_id;
            let spans = self.traces.entry(trace_id).or_insert_with(|| {
                self.order.push_back(trace_id);
                Vec::new()
            });
            spans.push(span);
        }
        if self.spans > MAX_SPANS {
            return self.take_oldest();
        }
        None
    }

    /// Counts a tick.
    pub(super) fn tick(&mut self) {
        self.ticks += 1;
    }

    /// A tree of which nothing more is to come.
    pub(super) fn take_complete(&mut self) -> Option<Vec<SpanData>> {
        let (since, _) = self.ended.front()?;
        if self.ticks < since + TICKS_AFTER_ROOT {
            return None;
        }
        self.take_ended()
    }

    /// The tree or the trace that has waited longest, complete or not.
    pub(super) fn take_oldest(&mut self) -> Option<Vec<SpanData>> {
        self.take_ended().or_else(|| self.take_oldest_trace())
    }

    /// All spans of a trace.
    pub(super) fn take_trace(&mut self, trace_id: TraceId) -> Vec<SpanData> {
        let mut spans = self.take_below(trace_id);
        let (gone, kept) = std::mem::take(&mut self.ended)
            .into_iter()
            .partition::<VecDeque<_>, _>(|(_, root)| root.trace_id == trace_id);
        self.ended = kept;
        self.spans -= gone.len();
        spans.extend(gone.into_iter().map(|(_, root)| root));
        spans
    }

    fn take_ended(&mut self) -> Option<Vec<SpanData>> {
        let (_, root) = self.ended.pop_front()?;
        self.spans -= 1;
        Some(self.take_tree(root))
    }

    fn take_oldest_trace(&mut self) -> Option<Vec<SpanData>> {
        while let Some(trace_id) = self.order.pop_front() {
            let spans = self.take_below(trace_id);
            if !spans.is_empty() {
                return Some(spans);
            }
        }
        None
    }

    /// The spans of a trace that are below others.
    fn take_below(&mut self, trace_id: TraceId) -> Vec<SpanData> {
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
        let spans = self.take_below(trace_id);
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
