//! The collector thread: from the rings to the exporters.
//!
//! One thread per installed runtime. It sleeps until a ring is half full, a
//! request comes, or a short interval has passed; then it drains every ring,
//! joins the notes to their spans and hands the spans on. It is the only
//! reader of the rings and the only caller of the exporters, and nothing it
//! does makes a caller wait.

mod arrays;
mod assemble;
mod attributes;
mod cancelled;
#[cfg(feature = "testing")]
pub(crate) mod captured;
mod compose;
mod control;
mod lifecycle;
mod logs;
mod metering;
mod notes;
mod outlet;
mod parts;
mod pending;
mod query;
mod quoted;
mod recycled;
mod told;
mod waiting;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

pub(crate) use compose::Shown;
pub(crate) use control::{Control, Unfulfilled, deadline_after};
pub(crate) use outlet::Outlet;

use crate::diagnostics;
use crate::log;
use crate::record::{FOR_LOG, Header, RecordKind, SpanRecord};
use crate::redact::Redactor;
use crate::ring::{SharedRing, registry};
use crate::site::{self, Dials};
use crate::stats::{self, LossCause};
use crate::thread;
use assemble::Assembler;
use control::Request;
pub(crate) use metering::Metering;

/// How long the collector sleeps if nobody wakes it.
const INTERVAL: Duration = Duration::from_millis(50);
/// Between two tellings of what rate limits have suppressed.
const TELL_SUPPRESSED: Duration = Duration::from_secs(10);
/// Between two drains while callbacks are waited for.
const WHILE_ASKING: Duration = Duration::from_millis(1);

/// What the collector thread owns.
pub(crate) struct Collector {
    rings: Vec<SharedRing>,
    rings_version: usize,
    assembler: Assembler,
    outlets: Vec<Outlet>,
    metering: Metering,
    control: Arc<Control>,
    dials: Dials,
    sites: usize,
}

impl Collector {
    pub(crate) fn new(
        control: Arc<Control>,
        outlets: Vec<Outlet>,
        shown: Shown,
        redactor: Redactor,
        metering: Metering,
        dials: Dials,
    ) -> Self {
        Self {
            rings: Vec::new(),
            rings_version: usize::MAX,
            assembler: Assembler::new(shown, redactor),
            outlets,
            metering,
            control,
            dials,
            sites: site::sites().count(),
        }
    }

    /// Works until a shutdown is requested.
    pub(crate) fn run(mut self) {
        thread::suppress();
        let control = Arc::clone(&self.control);
        let _dead = control.declare_dead_at_end();
        let mut told_suppressed = Instant::now();
        loop {
            control.sleep(INTERVAL);
            self.pass();
            self.look_for_new_sites();
            diagnostics::tell_what_is_left();
            let now = Instant::now();
            if now.duration_since(told_suppressed) >= TELL_SUPPRESSED {
                told_suppressed = now;
                self.assembler
                    .tell_suppressed(&mut self.outlets, control.counts());
            }
            self.metering
                .tick(now, &mut self.outlets, self.assembler.redactor());
            self.outlets.iter_mut().for_each(|outlet| outlet.tick(now));
            while let Some(request) = control.next_request() {
                // What was written before the request was made is drained by the first pass;
                // spans that waited for their notes go on with the second.
                self.pass();
                self.pass();
                self.assembler
                    .give_up_waiting(&mut self.outlets, control.counts());
                self.assembler
                    .tell_suppressed(&mut self.outlets, control.counts());
                if let Some(asked) = self.metering.ask(&self.outlets, request.deadline()) {
                    // Spans do not wait for a slow callback.
                    while !asked.is_over() {
                        self.pass();
                        std::thread::park_timeout(WHILE_ASKING);
                    }
                    self.metering
                        .read(asked, &mut self.outlets, self.assembler.redactor());
                }
                let is_last = request.is_shutdown();
                control.answer(&request, self.deliver(&request));
                if is_last {
                    diagnostics::tell_what_is_left();
                    return;
                }
            }
        }
    }

    /// Drains every ring once.
    fn pass(&mut self) {
        registry().list(&mut self.rings_version, &mut self.rings);
        self.assembler.begin_pass();
        let counts = self.control.counts();
        let mut watch = Watch::new(&self.control);
        let mut waiting_bytes = 0;
        for ring in &self.rings {
            let waiting = ring.waiting_bytes();
            waiting_bytes += waiting;
            let permille = waiting * 1000 / ring.bytes();
            if permille > counts.fullest_permille.load(Ordering::Relaxed) as usize {
                counts
                    .fullest_permille
                    .store(permille as u64, Ordering::Relaxed);
            }
            // Asked before the drain: what is closed then has nothing more to come after it.
            let is_closed = ring.is_closed();
            ring.drain(|record| {
                if watch.is_overdue() {
                    return lose_record(record, LossCause::Shutdown);
                }
                self.assembler
                    .record(record, ring.thread_id(), &mut self.outlets, counts);
            });
            if is_closed {
                registry().remove(ring);
            }
        }
        if waiting_bytes > counts.most_waiting_bytes.load(Ordering::Relaxed) as usize {
            counts
                .most_waiting_bytes
                .store(waiting_bytes as u64, Ordering::Relaxed);
        }
        self.assembler.end_pass(&mut self.outlets, counts);
    }

    /// Turns on the Sites of libraries that were loaded after the installation.
    fn look_for_new_sites(&mut self) {
        let sites = site::sites().count();
        if sites != self.sites && !self.control.is_closing() {
            self.sites = sites;
            site::set_dials(Some(self.dials));
        }
    }

    fn deliver(&mut self, request: &Request) -> Option<String> {
        let deliver = |outlet: &mut Outlet| {
            if request.is_shutdown() {
                outlet.shutdown(request.deadline())
            } else {
                outlet.flush(request.deadline())
            }
        };
        // All send at the same time, though they are waited for one after the other.
        self.outlets.iter_mut().for_each(Outlet::ship);
        // Each exporter gets its turn, also after another one failed.
        let problems: Vec<String> = self.outlets.iter_mut().filter_map(deliver).collect();
        (!problems.is_empty()).then(|| problems.join("; "))
    }
}

/// Counts what was drained and will not be exported.
pub(crate) fn lose_record(record: &[u64], cause: LossCause) {
    match Header(record[0]).kind() {
        Some(RecordKind::Span) if Header(record[0]).flags() & FOR_LOG == 0 => {
            stats::lose(SpanRecord::read(record).site, cause);
        }
        Some(RecordKind::Span | RecordKind::Started) => stats::lose_log(cause),
        Some(RecordKind::Log) => log::lose(record, cause),
        _ => {}
    }
}

/// Looks at the clock now and then, while there is much to do.
struct Watch<'a> {
    control: &'a Control,
    until_next_look: u32,
    is_overdue: bool,
}

impl<'a> Watch<'a> {
    /// So many records are a matter of microseconds.
    const LOOK_EVERY: u32 = 64;

    fn new(control: &'a Control) -> Self {
        Self {
            control,
            until_next_look: 0,
            is_overdue: false,
        }
    }

    /// True if there is no time left to export what is drained.
    fn is_overdue(&mut self) -> bool {
        if self.until_next_look == 0 {
            self.until_next_look = Self::LOOK_EVERY;
            self.is_overdue = self.control.is_overdue();
        }
        self.until_next_look -= 1;
        self.is_overdue
    }
}
