//! The spans and log records of one test alone.
//!
//! A [`Capture`] marks the current thread; the mark travels with the context
//! into every span below, through `.await`, onto the threads that carry the
//! context along, and into new traces begun there. Tests run in parallel see
//! their own spans only. Nothing has to be installed: the first capture of a
//! process installs a runtime without exporters if there is none.
//!
//! ```
//! use otel_runtime::{testing::Capture, traced};
//!
//! #[traced(fields(order.id = id))]
//! fn place(id: u64) {
//!     reserve();
//! }
//!
//! #[traced]
//! fn reserve() {}
//!
//! let capture = Capture::start();
//! place(7);
//! let spans = capture.finish();
//! spans.assert_tree("
//!     place order.id=7
//!       reserve
//! ");
//! ```

mod tree;

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::OnceLock;
use std::time::Duration;

pub use tree::Spans;

use crate::collector::captured;
use crate::config::Config;
use crate::context::Current;
use crate::export::LogData;
use crate::install::{Telemetry, flush_installed, install, is_installed};
use crate::log::{LogFilter, Severity};
use crate::record::NoteTally;
use crate::site::Level;
use crate::thread;

/// The runtime that serves captures in a program that has installed none.
static RUNTIME: OnceLock<Option<Telemetry>> = OnceLock::new();

/// How long a capture waits for the collector.
const PATIENCE: Duration = Duration::from_secs(10);

/// Records the spans below the current thread, from its start to its end.
///
/// Not `Send`: it ends on the thread on which it started.
#[derive(Debug)]
pub struct Capture {
    id: u16,
    previous: Current,
    is_over: Cell<bool>,
    _not_send: PhantomData<*const ()>,
}

impl Capture {
    /// Starts to record. Spans are recorded whatever the sampler says; dials stay as they are.
    ///
    /// # Panics
    /// If 65,535 captures are under way at once.
    #[must_use = "the recording ends when this is dropped"]
    pub fn start() -> Self {
        ensure_installed();
        let id = captured::open().expect("fewer than 65,535 captures are under way at once");
        let mut current = Current::NONE;
        current.meta = current.meta.with_tally(NoteTally::of_capture(id));
        let previous = thread::with(|local| local.attach(current));
        Self {
            id,
            previous,
            is_over: Cell::new(false),
            _not_send: PhantomData,
        }
    }

    /// The spans that have ended so far.
    ///
    /// # Panics
    /// If the runtime does not answer for ten seconds.
    #[must_use]
    pub fn spans(&self) -> Spans {
        assert!(
            flush_installed(PATIENCE),
            "the runtime does not answer: has it been shut down?"
        );
        Spans::new(captured::spans(self.id))
    }

    /// The log records that were written so far, the earliest first, as far as the filter lets them through: all, if the capture has
    /// installed the runtime.
    ///
    /// # Panics
    /// If the runtime does not answer for ten seconds.
    #[must_use]
    pub fn logs(&self) -> Vec<LogData> {
        assert!(
            flush_installed(PATIENCE),
            "the runtime does not answer: has it been shut down?"
        );
        captured::logs(self.id)
    }

    /// Ends the recording and returns its spans. A span that ends later is not among them.
    ///
    /// # Panics
    /// If the runtime does not answer for ten seconds.
    #[must_use]
    pub fn finish(self) -> Spans {
        let spans = self.spans();
        self.end();
        spans
    }

    fn end(&self) {
        if !self.is_over.replace(true) {
            thread::with(|local| local.set_current(self.previous));
            captured::close(self.id);
        }
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.end();
    }
}

fn ensure_installed() {
    // Whoever comes second waits here until the runtime of the first is complete.
    RUNTIME.get_or_init(|| match is_installed() {
        true => None,
        false => {
            let config = Config::new().level(Level::Trace);
            install(config.log_filter(LogFilter::new(Severity::TRACE))).ok() // the program may be faster
        }
    });
}
