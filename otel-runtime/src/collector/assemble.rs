//! Joins notes to their spans, and passes complete spans on.
//!
//! A span without notes goes on at once. One with notes goes on when as many
//! are here as it says. If that cannot be known, because other threads hold
//! handles to it, or if notes are still on another ring, it waits for one
//! whole pass: every note was published before the span's own record was, so a
//! pass that begins after the record was seen has seen all of them.

use std::sync::atomic::Ordering;

use super::cancelled::Cancelled;
use super::compose::{Composer, Shown};
use super::lifecycle::{Lifecycle, Told};
use super::logs::Logs;
use super::outlet::Outlet;
use super::pending::Pending;
use super::waiting::Waiting;
use crate::clock::ticks;
use crate::context::{SpanContext, SpanId, TraceFlags, TraceId};
use crate::record::{FOR_LOG, Header, RecordKind, SHARED, SpanRecord, StartedRecord, TOLD};
use crate::redact::Redactor;
use crate::stats::Counts;

#[derive(Debug)]
pub(super) struct Assembler {
    composer: Composer,
    redactor: Redactor,
    logs: Logs,
    lifecycle: Lifecycle,
    pending: Pending,
    /// Since an earlier pass, and since this one.
    waiting: [Waiting; 2],
    cancelled: Cancelled,
    drained: u64,
}

impl Assembler {
    pub(super) fn new(shown: Shown, redactor: Redactor) -> Self {
        Self {
            composer: Composer::new(shown),
            redactor,
            logs: Logs::new(shown.log_limits),
            lifecycle: Lifecycle::default(),
            pending: Pending::default(),
            waiting: Default::default(),
            cancelled: Cancelled::default(),
            drained: 0,
        }
    }

    pub(super) const fn redactor(&mut self) -> &mut Redactor {
        &mut self.redactor
    }

    pub(super) fn begin_pass(&mut self) {
        self.composer.calibration.refresh();
    }

    /// Takes one record.
    pub(super) fn record(
        &mut self,
        record: &[u64],
        thread_id: u64,
        outlets: &mut [Outlet],
        counts: &Counts,
    ) {
        match Header(record[0]).kind() {
            Some(RecordKind::Span) => self.span(record, thread_id, outlets, counts),
            Some(RecordKind::Discard) => {
                if let Some(notes) = self.pending.take(record[1]) {
                    self.pending.give_back(notes);
                }
            }
            Some(RecordKind::Cancel) => self.cancel([record[1], record[2]], outlets),
            Some(RecordKind::Log) => self.logs.keep(record, thread_id),
            Some(RecordKind::Started) => self.started(&StartedRecord::read(record), thread_id),
            Some(RecordKind::Pad) | None => {}
            Some(_) => {
                let forgotten = self.pending.add(record[1], record);
                if forgotten > 0 {
                    counts.store_full.fetch_add(forgotten, Ordering::Relaxed);
                }
            }
        }
    }

    /// Passes on what has waited for a whole pass.
    pub(super) fn end_pass(&mut self, outlets: &mut [Outlet], counts: &Counts) {
        self.pass_on_earlier(outlets, counts);
        let calibration = &self.composer.calibration;
        self.logs
            .show(calibration, &mut self.redactor, outlets, counts);
        counts
            .drained
            .fetch_add(std::mem::take(&mut self.drained), Ordering::Relaxed);
        let undeclared = std::mem::take(&mut self.composer.undeclared);
        counts.undeclared.fetch_add(undeclared, Ordering::Relaxed);
    }

    /// Tells of the places whose rate limit has kept something from being said.
    pub(super) fn tell_suppressed(&self, outlets: &mut [Outlet], counts: &Counts) {
        let now = self.composer.calibration.unix_ns(ticks());
        self.logs.tell_suppressed(now, outlets, counts);
    }

    /// Passes on everything, complete or not.
    pub(super) fn give_up_waiting(&mut self, outlets: &mut [Outlet], counts: &Counts) {
        self.pass_on_earlier(outlets, counts);
        self.pass_on_earlier(outlets, counts);
    }

    fn span(&mut self, record: &[u64], thread_id: u64, outlets: &mut [Outlet], counts: &Counts) {
        let span = SpanRecord::read(record);
        self.drained += u64::from(span.header.flags() & FOR_LOG == 0);
        let tally = span.header.tally();
        let is_counted = span.header.flags() & SHARED == 0 && !tally.is_saturated();
        if is_counted && tally.notes() == 0 {
            self.emit(&span, &[], thread_id, outlets, counts);
        } else if is_counted
            && let Some(notes) = self.pending.take_if_complete(span.span, tally.notes())
        {
            self.emit(&span, &notes.words, thread_id, outlets, counts);
            self.pending.give_back(notes);
        } else {
            self.waiting[1].push(record, thread_id);
        }
    }

    /// Passes on what waits since an earlier pass. What waits since this one is next.
    fn pass_on_earlier(&mut self, outlets: &mut [Outlet], counts: &Counts) {
        let mut ready = std::mem::take(&mut self.waiting[0]);
        self.waiting.swap(0, 1);
        for (record, thread_id) in ready.records() {
            let span = SpanRecord::read(record);
            let notes = self.pending.take(span.span).unwrap_or_default();
            self.emit(&span, &notes.words, thread_id, outlets, counts);
            self.pending.give_back(notes);
        }
        ready.clear();
        self.waiting[1] = ready;
    }

    #[inline]
    fn emit(
        &mut self,
        span: &SpanRecord<'_>,
        notes: &[u64],
        thread_id: u64,
        outlets: &mut [Outlet],
        counts: &Counts,
    ) {
        if trace_id(span.trace).is_some_and(|id| self.cancelled.contains(id)) {
            counts.cancelled.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let capture = span.header.tally().capture();
        let is_for_log = span.header.flags() & FOR_LOG != 0;
        let redactor = &mut self.redactor;
        self.composer
            .compose(span, notes, thread_id, |view, severity| {
                if !is_for_log {
                    redactor.show_span(view, |view| {
                        outlets.iter_mut().for_each(|outlet| outlet.export(view));
                        #[cfg(feature = "testing")]
                        super::captured::take(capture, view);
                    });
                }
                if span.header.flags() & TOLD != 0 {
                    let told = Told {
                        context: SpanContext {
                            trace_id: view.trace_id,
                            span_id: view.span_id,
                            trace_flags: view.trace_flags,
                            is_remote: false,
                        },
                        capture,
                        ticks: span.end_ticks,
                        thread_id,
                    };
                    self.lifecycle.ended(view, severity, &told, &mut self.logs);
                }
            });
    }

    fn started(&mut self, record: &StartedRecord, thread_id: u64) {
        let Some((trace_id, span_id)) = trace_id(record.trace).zip(SpanId::new(record.span)) else {
            return;
        };
        let header = record.header;
        let told = Told {
            context: SpanContext {
                trace_id,
                span_id,
                trace_flags: TraceFlags::default().with_sampled(header.flags() & FOR_LOG == 0),
                is_remote: false,
            },
            capture: header.tally().capture(),
            ticks: record.start_ticks,
            thread_id,
        };
        self.lifecycle.started(record, &told, &mut self.logs);
    }

    fn cancel(&mut self, trace: [u64; 2], outlets: &mut [Outlet]) {
        if let Some(trace_id) = trace_id(trace) {
            self.cancelled.insert(trace_id);
            outlets
                .iter_mut()
                .for_each(|outlet| outlet.cancel_trace(trace_id));
        }
    }
}

fn trace_id(trace: [u64; 2]) -> Option<TraceId> {
    TraceId::new(u128::from(trace[0]) << 64 | u128::from(trace[1]))
}
