//! Traces as trees and metrics as a table, for people.
//!
//! Spans are kept on the collector thread until the root of their part of the
//! trace has ended and the rings of other threads have been drained once more,
//! and then written as one tree by a thread of the exporter's own.

mod escaped;
mod held;
mod metrics;
mod render;
mod table;
mod tree;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::Instant;

use self::held::Held;
use super::color;
use super::data::SpanData;
use super::delivery::diagnostics::Diagnostics;
use super::delivery::outbox::Outbox;
use super::delivery::queue::Parcel;
use super::delivery::writer::{Unit, WriterCourier};
use super::exporter::{Exporter, ExporterError, FlushError};
use super::view::SpanView;
use crate::context::TraceId;
use crate::resource::Resource;
use crate::stats::{ExporterStats, Signal};

pub use metrics::TerminalMetricsExporter;
pub use render::{RenderOptions, render_trees};
pub use table::render_table;

/// Writes each trace as a tree, a moment after its root has ended.
///
/// A trace whose root is in another process is written when its topmost span
/// here has ended. Spans that end after that, or whose parent never ends, are
/// written by the next flush, or when more than 10,000 spans are waiting.
/// Allocates for every span; for development, not for heavy load.
///
/// ```
/// use otel_runtime::export::terminal::TerminalExporter;
///
/// let exporter = TerminalExporter::stdout();
/// ```
pub struct TerminalExporter {
    writer: Option<Box<dyn Write + Send>>,
    options: RenderOptions,
    running: Option<Running>,
}

struct Running {
    held: Held,
    outbox: Outbox<Vec<u8>>,
}

/// Written text waits in this much memory at most.
const MAX_QUEUE_BYTES: usize = 4 << 20;

impl TerminalExporter {
    /// Writes to standard output; in colour if that is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn stdout() -> Self {
        Self::new(io::stdout(), color::is_wanted(io::stdout().is_terminal()))
    }

    /// Writes to standard error; in colour if that is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn stderr() -> Self {
        Self::new(io::stderr(), color::is_wanted(io::stderr().is_terminal()))
    }

    /// Writes to `writer`, without colours.
    #[must_use]
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        Self::new(writer, false)
    }

    /// Whether to write in colour.
    #[must_use]
    pub fn color(mut self, color: bool) -> Self {
        self.options.color = color;
        self
    }

    /// Of more children than this, only counts the last.
    #[must_use]
    pub fn max_children(mut self, most: usize) -> Self {
        self.options.max_children = Some(most);
        self
    }

    fn new(writer: impl Write + Send + 'static, color: bool) -> Self {
        Self {
            writer: Some(Box::new(writer)),
            options: RenderOptions {
                color,
                ..RenderOptions::default()
            },
            running: None,
        }
    }
}

impl Exporter for TerminalExporter {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn start(
        &mut self,
        _resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let writer = self
            .writer
            .take()
            .ok_or_else(|| ExporterError::new("terminal", "it was started before"))?;
        let diagnostics = Diagnostics::new(true, "spans", "the terminal", Arc::clone(&stats));
        let outbox = Outbox::start(
            "otelkit-terminal",
            MAX_QUEUE_BYTES,
            Arc::clone(&stats),
            WriterCourier::new(writer, diagnostics, Unit::Parcel),
        )
        .map_err(|error| ExporterError::new("terminal", error))?;
        self.running = Some(Running {
            held: Held::default(),
            outbox,
        });
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        if let Some(running) = &mut self.running
            && let Some(ready) = running.held.add(SpanData::from(span))
        {
            running.write(&ready, &self.options);
        }
    }

    fn tick(&mut self, _now: Instant) {
        if let Some(running) = &mut self.running {
            running.held.tick();
            while let Some(tree) = running.held.take_complete() {
                running.write(&tree, &self.options);
            }
        }
    }

    fn ship(&mut self) {
        if let Some(running) = &mut self.running {
            running.write_rest(&self.options);
        }
    }

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        running.write_rest(&self.options);
        running.outbox.flush(deadline)
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let Some(mut running) = self.running.take() else {
            return Ok(());
        };
        running.write_rest(&self.options);
        running.outbox.close(deadline)
    }

    fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        let Some(running) = &mut self.running else {
            return 0;
        };
        running.held.take_trace(trace_id).len() as u64
    }
}

impl Running {
    fn write(&self, spans: &[SpanData], options: &RenderOptions) {
        let text = render_trees(spans, options).into_bytes();
        self.outbox.send(Parcel {
            bytes: text.len(),
            content: text,
            signal: Signal::Spans,
            items: spans.len() as u64,
        });
    }

    fn write_rest(&mut self, options: &RenderOptions) {
        while let Some(spans) = self.held.take_oldest() {
            self.write(&spans, options);
        }
    }
}

impl fmt::Debug for TerminalExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TerminalExporter")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
