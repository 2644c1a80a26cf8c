//! Traces the program has cancelled.

use std::collections::{HashSet, VecDeque};

use crate::context::TraceId;

/// The last cancelled traces; spans of theirs that come later are forgotten as well.
#[derive(Debug, Default)]
pub(super) struct Cancelled {
    ids: HashSet<TraceId>,
    oldest_first: VecDeque<TraceId>,
}

/// A trace is remembered until this many others have been cancelled after it.
const REMEMBERED: usize = 4096;

impl Cancelled {
    pub(super) fn insert(&mut self, trace_id: TraceId) {
        if self.ids.insert(trace_id) {
            self.oldest_first.push_back(trace_id);
            if self.oldest_first.len() > REMEMBERED
                && let Some(oldest) = self.oldest_first.pop_front()
            {
                self.ids.remove(&oldest);
            }
        }
    }

    pub(super) fn contains(&self, trace_id: TraceId) -> bool {
        !self.ids.is_empty() && self.ids.contains(&trace_id)
    }
}
