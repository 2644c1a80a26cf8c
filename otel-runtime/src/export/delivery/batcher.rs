//! Bundles on the collector thread, and the outbox they go to.

use std::sync::Arc;
use std::time::Instant;

use super::config::BatchConfig;
use super::courier::Courier;
use super::outbox::Outbox;
use super::queue::Parcel;
use crate::export::exporter::{ExporterError, FlushError};
use crate::stats::{ExporterStats, Signal};

/// Items of one signal, encoded and waiting to become one parcel.
pub(crate) trait Bundle {
    const SIGNAL: Signal;

    /// How many items it holds.
    fn items(&self) -> u64;

    /// How many bytes they take.
    fn bytes(&self) -> usize;

    /// Replaces `body` by the parcel with all of them, empties the bundle, and returns how many it held.
    fn finish_into(&mut self, body: &mut Vec<u8>) -> u64;
}

/// What an exporter of bundles does between its start and its end; before and after, nothing.
#[derive(Debug)]
pub(crate) struct Batcher<B> {
    open: Option<Open<B>>,
}

#[derive(Debug)]
struct Open<B> {
    filling: Filling<B>,
    outbox: Outbox<Vec<u8>>,
}

/// Fills a bundle, and hands it over when it is full or its time has come.
#[derive(Debug)]
pub(crate) struct Filling<B> {
    bundle: B,
    config: BatchConfig,
    /// When the bundle's first item was noticed by a tick.
    opened_at: Option<Instant>,
}

impl<B> Default for Batcher<B> {
    fn default() -> Self {
        Self { open: None }
    }
}

impl<B: Bundle> Batcher<B> {
    /// Starts the thread on which `courier` delivers the bundles of the exporter of this name.
    pub(crate) fn start(
        &mut self,
        exporter: &'static str,
        bundle: B,
        config: BatchConfig,
        stats: Arc<ExporterStats>,
        courier: impl Courier<Vec<u8>> + 'static,
    ) -> Result<(), ExporterError> {
        let outbox = Outbox::start(&format!("otelkit-{exporter}"), &config, stats, courier)
            .map_err(|error| ExporterError::new(exporter, error))?;
        self.open = Some(Open {
            filling: Filling::new(bundle, config),
            outbox,
        });
        Ok(())
    }

    /// Puts something into the bundle.
    #[inline]
    pub(crate) fn push(&mut self, put: impl FnOnce(&mut B)) {
        if let Some(open) = &mut self.open {
            open.filling.push(&open.outbox, put);
        }
    }

    pub(crate) fn tick(&mut self, now: Instant) {
        if let Some(open) = &mut self.open {
            open.filling.tick(&open.outbox, now);
        }
    }

    /// Hands the open bundle over.
    pub(crate) fn ship(&mut self) {
        if let Some(open) = &mut self.open {
            open.filling.ship(&open.outbox);
        }
    }

    pub(crate) fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        let open = self.open.as_mut();
        open.map_or(Ok(()), |open| open.outbox.flush(deadline))
    }

    pub(crate) fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        let open = self.open.take();
        open.map_or(Ok(()), |mut open| open.outbox.close(deadline))
    }

    /// The bundle that is being filled.
    #[cfg(feature = "otlp")]
    pub(crate) fn bundle(&mut self) -> Option<&mut B> {
        self.open.as_mut().map(|open| &mut open.filling.bundle)
    }
}

impl<B: Bundle> Filling<B> {
    pub(crate) const fn new(bundle: B, config: BatchConfig) -> Self {
        Self {
            bundle,
            config,
            opened_at: None,
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, outbox: &Outbox<Vec<u8>>, put: impl FnOnce(&mut B)) {
        put(&mut self.bundle);
        if self.bundle.items() >= self.config.max_export_batch_size as u64
            || self.bundle.bytes() >= self.config.max_export_batch_bytes
        {
            self.ship(outbox);
        }
    }

    pub(crate) fn tick(&mut self, outbox: &Outbox<Vec<u8>>, now: Instant) {
        if self.bundle.items() == 0 {
            return;
        }
        let opened_at = *self.opened_at.get_or_insert(now);
        if now.saturating_duration_since(opened_at) >= self.config.schedule_delay {
            self.ship(outbox);
        }
    }

    pub(crate) fn ship(&mut self, outbox: &Outbox<Vec<u8>>) {
        self.opened_at = None;
        if self.bundle.items() == 0 {
            return;
        }
        let mut body = outbox.spare().unwrap_or_default();
        let items = self.bundle.finish_into(&mut body);
        outbox.send_within(
            Parcel {
                bytes: body.len(),
                content: body,
                signal: B::SIGNAL,
                items,
            },
            self.config.max_wait,
        );
    }

    /// The bundle that is being filled.
    #[cfg(feature = "file")]
    pub(crate) const fn bundle(&mut self) -> &mut B {
        &mut self.bundle
    }
}
