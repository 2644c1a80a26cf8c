//! Finished spans whose notes may not all be here.

use crate::record::Header;

/// Span records, one after the other.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    words: Vec<u64>,
    /// On which thread each ended.
    thread_ids: Vec<u64>,
}

/// What is kept between two passes; more than this is given back.
const KEPT_WORDS: usize = 64 * 1024;

impl Waiting {
    pub(super) fn push(&mut self, record: &[u64], thread_id: u64) {
        self.words.extend_from_slice(record);
        self.thread_ids.push(thread_id);
    }

    /// The records, with the threads of their ends.
    pub(super) fn records(&self) -> impl Iterator<Item = (&[u64], u64)> {
        let mut rest = self.words.as_slice();
        self.thread_ids.iter().map(move |thread_id| {
            let (record, behind) = rest.split_at(Header(rest[0]).words());
            rest = behind;
            (record, *thread_id)
        })
    }

    pub(super) fn clear(&mut self) {
        if self.words.capacity() > KEPT_WORDS {
            *self = Self::default();
        }
        self.words.clear();
        self.thread_ids.clear();
    }
}
