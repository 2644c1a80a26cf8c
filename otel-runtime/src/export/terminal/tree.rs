//! Which span stands under which.

use std::collections::{HashMap, HashSet};

use crate::context::{SpanId, TraceId};
use crate::export::data::SpanData;

/// The spans of a slice in the order of a tree, each parent before its children.
///
/// Built without recursion, so depth costs nothing; spans whose parents form
/// a circle are shown from the first of them on.
pub(super) struct Forest<'a> {
    spans: &'a [SpanData],
    /// Children of each span, by index, in the order of their start.
    children: Vec<Vec<usize>>,
    roots: Vec<usize>,
}

impl<'a> Forest<'a> {
    pub(super) fn new(spans: &'a [SpanData]) -> Self {
        let index_of: HashMap<(TraceId, SpanId), usize> = spans
            .iter()
            .enumerate()
            .map(|(index, span)| ((span.trace_id, span.span_id), index))
            .collect();
        let mut children = vec![Vec::new(); spans.len()];
        let mut roots = Vec::new();
        let mut order: Vec<usize> = (0..spans.len()).collect();
        order.sort_by_key(|&index| spans[index].start_unix_ns);
        for index in order {
            let span = &spans[index];
            let parent = span
                .parent_span_id
                .and_then(|parent| index_of.get(&(span.trace_id, parent)));
            match parent {
                Some(&parent) => children[parent].push(index),
                None => roots.push(index),
            }
        }
        let mut forest = Self {
            spans,
            children,
            roots,
        };
        forest.open_circles();
        forest
    }

    pub(super) fn roots(&self) -> &[usize] {
        &self.roots
    }

    pub(super) fn children(&self, index: usize) -> &[usize] {
        &self.children[index]
    }

    pub(super) fn span(&self, index: usize) -> &'a SpanData {
        &self.spans[index]
    }

    /// Makes a root of one span of each circle.
    fn open_circles(&mut self) {
        let mut seen: HashSet<usize> = HashSet::new();
        let mut to_visit = self.roots.clone();
        for index in 0..=self.spans.len() {
            while let Some(index) = to_visit.pop() {
                seen.insert(index);
                // a span that was seen before is its own ancestor
                self.children[index].retain(|child| !seen.contains(child));
                to_visit.extend(&self.children[index]);
            }
            if index < self.spans.len() && !seen.contains(&index) {
                self.roots.push(index);
                to_visit.push(index);
            }
        }
    }
}
