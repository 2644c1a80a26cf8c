//! A Site is the compile-time identity of one annotated place.
//!
//! It is a `static` that exists before `main`, whether or not the place ever
//! runs. Callers read one thing of it, the dial; everything else is read by
//! the collector.

mod name;
mod objective;
mod pattern;
mod per_site;
mod query;
mod registry;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use crate::registry::Link;
pub use objective::{Latency, Objective};
pub(crate) use pattern::Place;
pub(crate) use per_site::PerSite;
pub use query::{QuerySpec, StatementSpec};
pub(crate) use registry::{Dials, log_calls, set_dials};
pub use registry::{add, register, sites};

/// What role a span plays towards its parent and children, as
/// [OpenTelemetry defines it](https://opentelemetry.io/docs/specs/otel/trace/api/#spankind).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum SpanKind {
    /// An operation inside the program.
    #[default]
    Internal = 1,
    /// The handling of a request from outside.
    Server = 2,
    /// A request to another service.
    Client = 3,
    /// The hand-over of a message to a broker.
    Producer = 4,
    /// The processing of a message from a broker.
    Consumer = 5,
}

/// How much detail a Site stands for; the configuration says down to which
/// level spans are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// Only what went wrong.
    Error = 1,
    /// What may go wrong.
    Warn = 2,
    /// What an operator wants to see.
    #[default]
    Info = 3,
    /// What a developer wants to see.
    Debug = 4,
    /// Everything.
    Trace = 5,
}

/// How a Site's spans are called.
#[derive(Clone, Copy, Debug)]
pub enum Name {
    /// By this text.
    Fixed(&'static str),
    /// By the path of a function inside the annotated one, which names the type a method belongs
    /// to.
    Path(fn() -> &'static str),
}

/// A field the annotation declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// The attribute's key.
    pub key: &'static str,
    /// Declared without a value: the body sets it.
    pub late: bool,
}

/// What the annotation says of the place, and where the place is.
#[derive(Clone, Copy, Debug)]
pub struct SiteSpec {
    /// How its spans are called.
    pub name: Name,
    /// The path of a function inside the annotated one, if its spans are called otherwise.
    pub function: Option<fn() -> &'static str>,
    /// The role of its spans.
    pub kind: SpanKind,
    /// How much detail it stands for.
    pub level: Level,
    /// What the annotation calls the part of the program; the module if it says nothing.
    pub target: &'static str,
    /// `module_path!()` of the place.
    pub module: &'static str,
    /// The package's name, and so the instrumentation scope's.
    pub package: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// `file!()` of the place.
    pub file: &'static str,
    /// `line!()` of the place.
    pub line: u32,
    /// `column!()` of the place.
    pub column: u32,
    /// Its asynchronous spans tell how much of the time they were running.
    pub busy: bool,
    /// Its calls are told in log records.
    pub logged: bool,
    /// Errors are recorded with the stack of the place that returned them.
    pub stack_trace: bool,
    /// The declared fields, in the order in which values refer to them.
    pub fields: &'static [FieldSpec],
    /// Its calls become spans.
    pub traced: bool,
    /// Its calls are counted and timed.
    pub metered: bool,
    /// How well its calls are meant to go.
    pub objective: Option<Objective>,
    /// What its calls ask a database.
    pub query: Option<&'static QuerySpec>,
}

impl SiteSpec {
    /// What is said of a place unless the annotation says otherwise.
    #[must_use]
    pub const fn new(
        name: &'static str,
        module: &'static str,
        package: &'static str,
        version: &'static str,
        file: &'static str,
        line: u32,
        column: u32,
    ) -> Self {
        Self {
            name: Name::Fixed(name),
            function: None,
            kind: SpanKind::Internal,
            level: Level::Info,
            target: module,
            module,
            package,
            version,
            file,
            line,
            column,
            busy: false,
            logged: false,
            stack_trace: false,
            fields: &[],
            traced: true,
            metered: false,
            objective: None,
            query: None,
        }
    }

    /// The same, named after the place that the path of this function inside of it tells.
    #[must_use]
    pub const fn of_place<F>(
        _: &F,
        module: &'static str,
        package: &'static str,
        version: &'static str,
        file: &'static str,
        line: u32,
        column: u32,
    ) -> Self {
        let mut spec = Self::new("", module, package, version, file, line, column);
        spec.name = Name::Path(std::any::type_name::<F>);
        spec
    }

    /// The same, being the place that the path of this function inside of it tells, whatever its
    /// spans are called.
    #[must_use]
    pub const fn function<F>(mut self, _: &F) -> Self {
        self.function = Some(std::any::type_name::<F>);
        self
    }

    /// The same, in this role.
    #[must_use]
    pub const fn kind(mut self, kind: SpanKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same, standing for this much detail.
    #[must_use]
    pub const fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The same, in this part of the program.
    #[must_use]
    pub const fn target(mut self, target: &'static str) -> Self {
        self.target = target;
        self
    }

    /// The same, telling how much of the time asynchronous spans were running.
    #[must_use]
    pub const fn busy(mut self) -> Self {
        self.busy = true;
        self
    }

    /// The same, telling of its calls in log records.
    #[must_use]
    pub const fn logged(mut self) -> Self {
        self.logged = true;
        self
    }

    /// The same, recording errors with the stack of the place that returned them.
    #[must_use]
    pub const fn stack_trace(mut self) -> Self {
        self.stack_trace = true;
        self
    }

    /// The same, with these fields.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [FieldSpec]) -> Self {
        self.fields = fields;
        self
    }

    /// The same, without spans.
    #[must_use]
    pub const fn untraced(mut self) -> Self {
        self.traced = false;
        self
    }

    /// The same, counting and timing its calls.
    #[must_use]
    pub const fn metered(mut self) -> Self {
        self.metered = true;
        self
    }

    pub(crate) const fn place(&self) -> Place<'_> {
        Place {
            target: self.target,
            module: self.module,
            file: self.file,
            line: self.line,
        }
    }

    /// The same, with calls that are meant to go this well.
    #[must_use]
    pub const fn objective(mut self, objective: Objective) -> Self {
        self.objective = Some(objective);
        self
    }

    /// The same, asking a database this.
    #[must_use]
    pub const fn query(mut self, query: &'static QuerySpec) -> Self {
        self.query = Some(query);
        self
    }
}

impl FieldSpec {
    /// A field whose value the annotation gives.
    #[must_use]
    pub const fn given(key: &'static str) -> Self {
        Self { key, late: false }
    }

    /// A field that the body sets.
    #[must_use]
    pub const fn late(key: &'static str) -> Self {
        Self { key, late: true }
    }
}

/// Nothing is wanted.
const DIAL_OFF: u8 = 0;
/// Spans are recorded.
const DIAL_SPANS: u8 = 1;
/// Asynchronous spans are recorded with their busy time.
const DIAL_BUSY: u8 = 2;
/// Calls are counted and timed.
const DIAL_CALLS: u8 = 4;
/// Calls are told in log records.
const DIAL_LOG: u8 = 8;

/// The compile-time identity of one annotated place.
#[derive(Debug)]
pub struct Site {
    dial: AtomicU8,
    link: Link<Self>,
    dropped: AtomicU64,
    path: OnceLock<Box<str>>,
    spec: SiteSpec,
}

impl Site {
    /// The Site of an annotated place; its dial is off until a runtime is installed.
    #[must_use]
    pub const fn new(spec: SiteSpec) -> Self {
        Self {
            dial: AtomicU8::new(DIAL_OFF),
            link: Link::new(),
            dropped: AtomicU64::new(0),
            path: OnceLock::new(),
            spec,
        }
    }

    /// What the annotation says.
    #[must_use]
    pub const fn spec(&self) -> &SiteSpec {
        &self.spec
    }

    /// What its spans are called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.spec.name {
            Name::Fixed(name) => name,
            Name::Path(path) => self.path(path),
        }
    }

    /// What the annotated function is called, as far as that is known; else what its spans are.
    #[must_use]
    pub fn function(&self) -> &str {
        match self.spec.function {
            Some(path) => self.path(path),
            None => self.name(),
        }
    }

    /// At most one path is asked for: that of the function, or that of spans called like it.
    fn path(&self, path: fn() -> &'static str) -> &str {
        self.path
            .get_or_init(|| name::from_marker_path(path(), self.spec.module).into_boxed_str())
    }

    /// How many of its spans were lost before they reached the collector.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Counts a span that was lost on its way to the collector.
    pub(crate) fn count_drop(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// True if spans of this Site are recorded when their trace is sampled.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.dial.load(Ordering::Relaxed) & DIAL_SPANS != 0
    }

    /// True if anything is wanted of a call.
    #[inline]
    pub(crate) fn is_wanted(&self) -> bool {
        self.dial.load(Ordering::Relaxed) != DIAL_OFF
    }

    /// True if calls are counted and timed.
    #[inline]
    pub(crate) fn is_counting(&self) -> bool {
        self.dial.load(Ordering::Relaxed) & DIAL_CALLS != 0
    }

    /// True if its calls are timed or told in an unusual way.
    #[inline]
    pub(crate) fn is_unusual(&self) -> bool {
        self.dial.load(Ordering::Relaxed) & (DIAL_BUSY | DIAL_LOG) != 0
    }

    /// True if calls are told in log records.
    #[inline]
    pub(crate) fn is_logged(&self) -> bool {
        self.dial.load(Ordering::Relaxed) & DIAL_LOG != 0
    }

    /// True if asynchronous spans measure how much of the time they were running.
    #[inline]
    pub(crate) fn measures_busy(&self) -> bool {
        self.dial.load(Ordering::Relaxed) & DIAL_BUSY != 0
    }
}
