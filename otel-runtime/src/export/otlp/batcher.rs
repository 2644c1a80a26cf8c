//! Batches on the collector thread, and the outbox they go to.

use std::sync::Arc;
use std::time::Instant;

use super::batch::Batch;
use crate::context::TraceId;
use crate::export::delivery::BatchConfig;
use crate::export::delivery::courier::Courier;
use crate::export::delivery::outbox::Outbox;
use crate::export::delivery::queue::Parcel;
use crate::export::exporter::{ExporterError, FlushError};
use crate::export::view::SpanView;
use crate::stats::{ExporterStats, Signal};

/// What an exporter of OTLP does between its start and its end; before and after, nothing.
#[derive(Debug, Default)]
pub(in crate::export) struct Batcher {
    open: Option<Open>,
}

/// Fills a batch, and hands it over when it is full or its time has come.
#[derive(Debug)]
struct Open {
    batch: Batch,
    config: BatchConfig,
    /// When the batch's first span was noticed by a tick.
    opened_at: Option<Instant>,
    outbox: Outbox<Vec<u8>>,
}

impl Batcher {
    /// Starts the thread on which `courier` delivers the batches of the exporter of this name.
    pub(in crate::export) fn start(
        &mut self,
        exporter: &'static str,
        batch: Batch,
        config: BatchConfig,
        stats: Arc<ExporterStats>,
        courier: impl Courier<Vec<u8>> + 'static,
    ) -> Result<(), ExporterError> {
        let outbox = Outbox::start(&format!("otelkit-{exporter}"), &config, stats, courier)
            .map_err(|error| ExporterError::new(exporter, error))?;
        self.open = Some(Open {
            batch,
            config,
            opened_at: None,
            outbox,
        });
        Ok(())
    }

    #[inline]
    pub(in crate::export) fn push(&mut self, span: &SpanView<'_>) {
        if let Some(open) = &mut self.open {
            open.push(span);
        }
    }

    pub(in crate::export) fn tick(&mut self, now: Instant) {
        if let Some(open) = &mut self.open {
            open.tick(now);
        }
    }

    /// Hands over what is no batch of spans, in its place behind them.
    #[cfg(feature = "file")]
    pub(in crate::export) fn send(&mut self, parcel: Parcel<Vec<u8>>) {
        if let Some(open) = &mut self.open {
            open.outbox.send(parcel);
        }
    }

    /// Hands the open batch over.
    pub(in crate::export) fn ship(&mut self) {
        if let Some(open) = &mut self.open {
            open.ship();
        }
    }

    pub(in crate::export) fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.open.as_mut().map_or(Ok(()), |open| {
            open.ship();
            open.outbox.flush(deadline)
        })
    }

    pub(in crate::export) fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.open.take().map_or(Ok(()), |mut open| {
            open.ship();
            open.outbox.close(deadline)
        })
    }

    pub(in crate::export) fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        self.open
            .as_mut()
            .map_or(0, |open| open.batch.remove_trace(trace_id))
    }
}

impl Open {
    #[inline]
    fn push(&mut self, span: &SpanView<'_>) {
        self.batch.push(span);
        if self.batch.spans() >= self.config.max_export_batch_size as u64
            || self.batch.bytes() >= self.config.max_export_batch_bytes
        {
            self.ship();
        }
    }

    fn tick(&mut self, now: Instant) {
        if self.batch.spans() == 0 {
            return;
        }
        let opened_at = *self.opened_at.get_or_insert(now);
        if now.saturating_duration_since(opened_at) >= self.config.schedule_delay {
            self.ship();
        }
    }

    fn ship(&mut self) {
        self.opened_at = None;
        if self.batch.spans() == 0 {
            return;
        }
        let mut body = self.outbox.spare().unwrap_or_default();
        let spans = self.batch.finish_into(&mut body);
        let bytes = body.len();
        self.outbox.send(Parcel {
            content: body,
            signal: Signal::Spans,
            items: spans,
            bytes,
        });
    }
}
