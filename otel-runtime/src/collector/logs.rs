//! Log records, put in the order of their times and shown.
//!
//! Records of different threads come ring by ring. Those of one pass are kept until its end and
//! sorted, so that what is read by people is out of order by milliseconds at most.

use std::sync::atomic::Ordering;

use super::arrays::Arrays;
use super::attributes::Attributes;
use super::outlet::Outlet;
use super::recycled::recycled;
use crate::clock::Calibration;
use crate::export::{Array, Attribute, LogView, Value};
use crate::limits::LogLimits;
use crate::log::{LogEntry, Severity, log_sites, part};
use crate::record::Header;
use crate::redact::Redactor;
use crate::stats::Counts;
use crate::value::{Key, Values};

/// What is kept between two passes; more than this is given back.
const KEPT_WORDS: usize = 64 * 1024;

/// The log records of a pass.
#[derive(Debug)]
pub(super) struct Logs {
    limits: LogLimits,
    words: Vec<u64>,
    order: Vec<Kept>,
    /// The allocation of the last record's attributes.
    attributes: Vec<Attribute<'static>>,
}

/// Where a record lies among the words.
#[derive(Clone, Copy, Debug)]
struct Kept {
    observed_ticks: u64,
    at: usize,
    thread_id: u64,
}

impl Logs {
    pub(super) fn new(limits: LogLimits) -> Self {
        Self {
            limits,
            words: Vec::new(),
            order: Vec::new(),
            attributes: Vec::new(),
        }
    }

    /// Keeps a record until the end of the pass.
    pub(super) fn keep(&mut self, record: &[u64], thread_id: u64) {
        self.order.push(Kept {
            observed_ticks: LogEntry::read(record).observed_ticks,
            at: self.words.len(),
            thread_id,
        });
        self.words.extend_from_slice(record);
    }

    /// Shows what was kept, the earliest first.
    pub(super) fn show(
        &mut self,
        calibration: &Calibration,
        redactor: &mut Redactor,
        outlets: &mut [Outlet],
        counts: &Counts,
    ) {
        if self.order.is_empty() {
            return;
        }
        // Before anything becomes of them: whoever looks meanwhile sees no more of that than of these.
        let kept = self.order.len() as u64;
        counts.drained_logs.fetch_add(kept, Ordering::Relaxed);
        let mut order = std::mem::take(&mut self.order);
        order.sort_by_key(|kept| kept.observed_ticks);
        let words = std::mem::take(&mut self.words);
        for kept in &order {
            let record = &words[kept.at..];
            let record = &record[..Header(record[0]).words()];
            self.show_one(record, kept.thread_id, calibration, redactor, outlets);
        }
        if words.capacity() <= KEPT_WORDS {
            (self.words, self.order) = (words, order);
            self.words.clear();
            self.order.clear();
        }
    }

    fn show_one(
        &mut self,
        record: &[u64],
        thread_id: u64,
        calibration: &Calibration,
        redactor: &mut Redactor,
        outlets: &mut [Outlet],
    ) {
        let entry = LogEntry::read(record);
        let spec = entry.site.spec();
        let observed_unix_ns = calibration.unix_ns(entry.observed_ticks);
        let fields = Values::new(entry.values);
        let arrays = Arrays::of_values(fields.clone());
        let list = recycled(std::mem::take(&mut self.attributes));
        let mut attributes = Attributes::behind(list, self.limits.attribute_count);
        let mut view = LogView {
            unix_ns: observed_unix_ns,
            observed_unix_ns,
            severity: entry.severity,
            body: Value::Str(""),
            event_name: spec.event_name,
            target: spec.target,
            module: spec.module,
            file: spec.file,
            line: spec.line,
            trace_id: entry.trace_id,
            span_id: entry.span_id,
            trace_flags: entry.trace_flags,
            attributes: &[],
            dropped_attributes: 0,
            thread_id,
        };
        let mut causes = Vec::new();
        for field in fields {
            let Some(value) = arrays.lend(field.value) else {
                continue;
            };
            match (field.key, value) {
                (Key::Named(key), value) => attributes.set(key, value),
                (Key::Declared(part::BODY), value) => view.body = value,
                (Key::Declared(part::EVENT_NAME), Value::Str(text)) => view.event_name = text,
                (Key::Declared(part::TARGET), Value::Str(text)) => view.target = text,
                (Key::Declared(part::MODULE), Value::Str(text)) => view.module = Some(text),
                (Key::Declared(part::FILE), Value::Str(text)) => view.file = Some(text),
                (Key::Declared(part::CAUSE), Value::Str(text)) => causes.push(text),
                (Key::Declared(part::UNIX_NS), Value::Int(ns)) => view.unix_ns = ns.cast_unsigned(),
                (Key::Declared(part::LINE), Value::Int(line)) => {
                    view.line = u32::try_from(line).unwrap_or(0);
                }
                _ => {}
            }
        }
        if !causes.is_empty() {
            attributes.set("exception.chain", Value::Array(Array::Strs(&causes)));
        }
        let view = LogView {
            attributes: &attributes.list,
            dropped_attributes: attributes.dropped,
            ..view
        };
        redactor.show_log(&view, |view| {
            outlets.iter_mut().for_each(|outlet| outlet.log(view));
            #[cfg(feature = "testing")]
            super::captured::take_log(entry.capture, view);
        });
        self.attributes = recycled(attributes.list);
    }

    /// Tells of each place how much of what it said was suppressed since the last call.
    pub(super) fn tell_suppressed(&self, unix_ns: u64, outlets: &mut [Outlet], counts: &Counts) {
        for site in log_sites() {
            let suppressed = site.take_suppressed();
            if suppressed == 0 {
                continue;
            }
            counts.drained_logs.fetch_add(1, Ordering::Relaxed);
            let spec = site.spec();
            let body = format!("{suppressed} log records of this place were suppressed");
            let view = LogView {
                unix_ns,
                observed_unix_ns: unix_ns,
                severity: Severity::WARN,
                body: Value::Str(&body),
                event_name: "otelkit.log.suppressed",
                target: spec.target,
                module: spec.module,
                file: spec.file,
                line: spec.line,
                trace_id: None,
                span_id: None,
                trace_flags: crate::context::TraceFlags::default(),
                attributes: &[Attribute {
                    key: "otelkit.log.suppressed",
                    value: Value::Int(suppressed.cast_signed()),
                }],
                dropped_attributes: 0,
                thread_id: 0,
            };
            outlets.iter_mut().for_each(|outlet| outlet.log(&view));
        }
    }
}
