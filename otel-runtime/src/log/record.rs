//! From what is said to a record in the thread's ring.

use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::severity::Severity;
use super::site::LogSite;
use crate::class::classify_dyn;
use crate::clock::ticks;
use crate::context::{Current, SpanContext};
use crate::record::{Header, LOG_WORDS, LONGEST};
use crate::ring::{Writer, registry};
use crate::stats::{self, LossCause};
use crate::thread::{self, Local};
use crate::value::{Capture, Debug, Key, Sink};

/// How long a text may be, in characters.
static VALUE_LIMIT_CHARS: AtomicUsize = AtomicUsize::new(4096);
/// How long a caller waits for room in its ring, in nanoseconds.
static LONGEST_WAIT_NS: AtomicU64 = AtomicU64::new(0);

/// Causes of causes beyond this many are left out: a chain may be a circle.
const LONGEST_CHAIN: usize = 32;

/// Parts of a record that are no attributes, by the index of their keys.
pub(crate) mod part {
    pub(crate) const BODY: u32 = 0;
    pub(crate) const EVENT_NAME: u32 = 1;
    pub(crate) const TARGET: u32 = 2;
    pub(crate) const UNIX_NS: u32 = 3;
    pub(crate) const CAUSE: u32 = 4;
    pub(crate) const MODULE: u32 = 5;
    pub(crate) const FILE: u32 = 6;
    pub(crate) const LINE: u32 = 7;
}

/// A log record that is being written; [`LogSite::log`] lends it.
#[derive(Debug)]
pub struct LogRecord<'a> {
    bytes: &'a mut Vec<u8>,
    current: Current,
}

/// Sets how long texts may be from now on.
pub(crate) fn set_value_limit(chars: u32) {
    VALUE_LIMIT_CHARS.store(chars.min(u32::from(u16::MAX)) as usize, Ordering::Relaxed);
}

/// Sets how long a caller waits from now on where its ring is full.
pub(crate) fn set_longest_wait(wait: Duration) {
    let ns = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
    LONGEST_WAIT_NS.store(ns, Ordering::Relaxed);
}

impl LogRecord<'_> {
    /// What a person reads.
    pub fn body(&mut self, text: fmt::Arguments<'_>) {
        self.part(part::BODY).format(text);
    }

    /// What a person reads, if it is a text or another value already.
    pub fn body_value(&mut self, value: &(impl Capture + ?Sized)) {
        value.capture(&mut self.part(part::BODY));
    }

    /// A value by name; a later one of the same name replaces an earlier one.
    pub fn field(&mut self, key: &str, value: &(impl Capture + ?Sized)) {
        value.capture(&mut self.sink(key));
    }

    /// The place for the value of this name, for values that are known by their methods only.
    pub fn sink<'k>(&'k mut self, key: &'k str) -> Sink<'k> {
        Sink::appending(Key::Named(key), self.bytes, value_limit_chars())
    }

    /// The error that is told: its message, its causes, and its class and code if they are known.
    ///
    /// `exception.message`, `exception.chain`, `error.type`, `otelkit.error.class`.
    pub fn error(&mut self, error: &(dyn Error + 'static)) {
        self.sink("exception.message").display(error);
        if let Some(meaning) = classify_dyn(error) {
            self.field("error.type", meaning.code);
            self.field("otelkit.error.class", meaning.class.as_str());
        }
        let mut source = error.source();
        for _ in 0..LONGEST_CHAIN {
            let Some(cause) = source else { break };
            self.part(part::CAUSE).display(cause);
            source = cause.source();
        }
    }

    /// When it happened, in nanoseconds since the Unix epoch, if not now.
    pub fn at_unix_ns(&mut self, unix_ns: u64) {
        self.part(part::UNIX_NS).int(unix_ns.cast_signed());
    }

    /// The span it belongs to, if not the current one; `None` for no span.
    pub fn context(&mut self, context: Option<SpanContext>) {
        let capture = self.current.meta.tally().capture();
        self.current = match context {
            Some(context) => Current::adopted(&context, capture),
            None => Current::NONE.captured_by(capture),
        };
    }

    /// What happened, if the place does not say it.
    pub fn event_name(&mut self, name: &str) {
        self.part(part::EVENT_NAME).str(name);
    }

    /// The part of the program, if it is not that of the place.
    pub fn target(&mut self, target: &str) {
        self.part(part::TARGET).str(target);
    }

    /// Where it was said, if the place does not know it; a line of 0 is unknown.
    pub fn location(&mut self, module: Option<&str>, file: Option<&str>, line: u32) {
        if let Some(module) = module {
            self.part(part::MODULE).str(module);
        }
        if let Some(file) = file {
            self.part(part::FILE).str(file);
        }
        if line != 0 {
            self.part(part::LINE).int(i64::from(line));
        }
    }

    /// A value as `{:?}` formats it.
    pub fn debug(&mut self, key: &str, value: &dyn fmt::Debug) {
        Debug(value).capture(&mut self.sink(key));
    }

    fn part(&mut self, part: u32) -> Sink<'_> {
        Sink::appending(Key::Declared(part), self.bytes, value_limit_chars())
    }
}

fn value_limit_chars() -> usize {
    VALUE_LIMIT_CHARS.load(Ordering::Relaxed)
}

/// Writes what `say` says to the ring of the thread, unless the thread is the telemetry's own.
pub(super) fn write(
    site: &'static LogSite,
    severity: Severity,
    say: impl FnOnce(&mut LogRecord<'_>),
) {
    thread::with(|local| {
        let current = local.current();
        if current.is_suppressed() {
            return;
        }
        let observed = ticks();
        let mut bytes = local.take_scratch();
        bytes.clear();
        let mut record = LogRecord {
            bytes: &mut bytes,
            current,
        };
        say(&mut record);
        let current = record.current;
        if let Err(cause) = put(local, site, severity, &current, observed, &bytes) {
            site.count_drop();
            stats::lose_log(cause);
        }
        local.return_scratch(bytes);
    });
}

fn put(
    local: &Local,
    site: &'static LogSite,
    severity: Severity,
    current: &Current,
    observed: u64,
    bytes: &[u8],
) -> Result<(), LossCause> {
    let (chunks, _) = bytes.as_chunks::<8>();
    let fixed = fixed(site, severity, current, observed, chunks.len())?;
    let words = LOG_WORDS + chunks.len();
    let fill = |writer: &mut Writer<'_>| {
        fixed.into_iter().enumerate().for_each(|(offset, word)| {
            // SAFETY: there are `LOG_WORDS` of them.
            unsafe { writer.put(offset, word) };
        });
        // SAFETY: `words` counts the chunks, behind the fixed words.
        unsafe { writer.put_all(LOG_WORDS, chunks) };
        words
    };
    // SAFETY: `fill` puts all words and nothing else.
    match unsafe { thread::push(local, words, fill) } {
        Err(LossCause::RingFull) => wait_for_room(|| {
            // SAFETY: as above.
            unsafe { thread::push(local, words, fill) }
        }),
        pushed => pushed,
    }
}

/// The words in front of the values.
fn fixed(
    site: &'static LogSite,
    severity: Severity,
    current: &Current,
    observed: u64,
    values: usize,
) -> Result<[u64; LOG_WORDS], LossCause> {
    let words = LOG_WORDS + values;
    if words > LONGEST {
        return Err(LossCause::RecordTooLarge);
    }
    let meta = current.meta;
    let (flags, capture) = (meta.trace_flags().bits(), meta.tally().capture());
    Ok([
        Header::log(words, severity.number(), flags, capture).0,
        std::ptr::from_ref(site).expose_provenance() as u64,
        current.trace[0],
        current.trace[1],
        current.span,
        observed,
    ])
}

/// The words of a record that the collector itself writes; `None`, and counted, if there are too many.
pub(crate) fn encode(
    site: &'static LogSite,
    severity: Severity,
    context: &SpanContext,
    capture: u16,
    observed: u64,
    say: impl FnOnce(&mut LogRecord<'_>),
) -> Option<Vec<u64>> {
    let mut bytes = Vec::new();
    let current = Current::adopted(context, capture);
    say(&mut LogRecord {
        bytes: &mut bytes,
        current,
    });
    let (chunks, _) = bytes.as_chunks::<8>();
    match fixed(site, severity, &current, observed, chunks.len()) {
        Ok(fixed) => {
            let values = chunks.iter().map(|chunk| u64::from_ne_bytes(*chunk));
            Some(fixed.into_iter().chain(values).collect())
        }
        Err(cause) => {
            site.count_drop();
            stats::lose_log(cause);
            None
        }
    }
}

/// Tries again for as long as the program is willing to wait.
#[cold]
fn wait_for_room(mut push: impl FnMut() -> Result<(), LossCause>) -> Result<(), LossCause> {
    const BETWEEN: Duration = Duration::from_micros(200);
    let longest = Duration::from_nanos(LONGEST_WAIT_NS.load(Ordering::Relaxed));
    if longest.is_zero() {
        return Err(LossCause::RingFull);
    }
    let begin = Instant::now();
    loop {
        registry().wake_collector();
        std::thread::sleep(BETWEEN.min(longest));
        let pushed = push();
        if pushed != Err(LossCause::RingFull) || begin.elapsed() >= longest {
            return pushed;
        }
    }
}
