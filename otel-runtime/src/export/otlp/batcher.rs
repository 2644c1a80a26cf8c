//! Batches on the collector thread, and the outbox they go to.

use std::time::Instant;

use super::batch::Batch;
use crate::context::TraceId;
use crate::export::delivery::BatchConfig;
use crate::export::delivery::outbox::Outbox;
use crate::export::delivery::queue::Parcel;
use crate::export::exporter::FlushError;
use crate::export::view::SpanView;

/// Fills a batch, and hands it over when it is full or its time has come.
#[derive(Debug)]
pub(in crate::export) struct Batcher {
    batch: Batch,
    config: BatchConfig,
    /// When the batch's first span was noticed by a tick.
    opened_at: Option<Instant>,
    outbox: Outbox<Vec<u8>>,
}

impl Batcher {
    pub(in crate::export) fn new(
        batch: Batch,
        config: BatchConfig,
        outbox: Outbox<Vec<u8>>,
    ) -> Self {
        Self {
            batch,
            config,
            opened_at: None,
            outbox,
        }
    }

    #[inline]
    pub(in crate::export) fn push(&mut self, span: &SpanView<'_>) {
        self.batch.push(span);
        if self.batch.spans() >= self.config.max_export_batch_size as u64
            || self.batch.bytes() >= self.config.max_export_batch_bytes
        {
            self.ship();
        }
    }

    pub(in crate::export) fn tick(&mut self, now: Instant) {
        if self.batch.spans() == 0 {
            return;
        }
        let opened_at = *self.opened_at.get_or_insert(now);
        if now.saturating_duration_since(opened_at) >= self.config.schedule_delay {
            self.ship();
        }
    }

    pub(in crate::export) fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        self.outbox.flush(deadline)
    }

    pub(in crate::export) fn close(mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        self.outbox.close(deadline)
    }

    pub(in crate::export) fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        self.batch.remove_trace(trace_id)
    }

    /// Hands the open batch over.
    pub(in crate::export) fn ship(&mut self) {
        self.opened_at = None;
        if self.batch.spans() == 0 {
            return;
        }
        let mut body = self.outbox.spare().unwrap_or_default();
        let spans = self.batch.finish_into(&mut body);
        let bytes = body.len();
        self.outbox.send(Parcel {
            content: body,
            spans,
            bytes,
        });
    }
}
