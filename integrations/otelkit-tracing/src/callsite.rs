//! What is known of a place in the program that speaks `tracing`.
//!
//! Made when the place is first reached and never freed: there are as many as there are places.
//! Found by the address of the place's metadata, which is a `static`.

use std::cell::Cell;
use std::ptr;
use std::sync::{Mutex, OnceLock, PoisonError};

use otel_runtime::Level;
use otel_runtime::log::{LogSite, LogSiteSpec};
use otel_runtime::site::{FieldSpec, Site, SiteSpec, SpanKind, add};
use tracing_core::{Metadata, metadata};

use crate::table::Table;

/// A place that makes spans or events.
#[derive(Debug)]
pub(crate) struct Callsite {
    pub(crate) metadata: &'static Metadata<'static>,
    /// What each field is, by its index.
    pub(crate) roles: Box<[Role]>,
    /// There is a field that is not just a value.
    pub(crate) is_special: bool,
    pub(crate) has_message: bool,
    /// A Site for each kind of span: the kind may depend on a value.
    sites: [OnceLock<&'static Site>; KINDS.len()],
    log_site: OnceLock<&'static LogSite>,
    fields: &'static [FieldSpec],
}

/// What a field is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A value, called like this.
    Value(&'static str),
    /// What an event says.
    Message,
    /// `otel.name`: what the span is called.
    Name,
    /// `otel.kind`: the span's role.
    Kind,
    /// `otel.status_code`.
    StatusCode,
    /// `otel.status_description`, or `otel.status_message`.
    StatusDescription,
    /// Where a record of the `log` crate comes from, as `tracing-log` tells it.
    LogTarget,
    LogModule,
    LogFile,
    LogLine,
}

/// The kinds of spans, in the order of [`Callsite::site`]'s numbers.
const KINDS: [SpanKind; 5] = [
    SpanKind::Internal,
    SpanKind::Server,
    SpanKind::Client,
    SpanKind::Producer,
    SpanKind::Consumer,
];

static CALLSITES: Table<OnceLock<&'static Callsite>> = Table::new();

/// How many callsites a thread finds at once.
const NEAR: usize = 64;

thread_local! {
    /// Those that the thread has come by lately.
    static RECENT: [Cell<Option<&'static Callsite>>; NEAR] =
        const { [const { Cell::new(None) }; NEAR] };
}

impl Callsite {
    #[inline]
    pub(crate) fn of(metadata: &'static Metadata<'static>) -> &'static Self {
        match Self::at(address(metadata)) {
            Some(callsite) => callsite,
            None => Self::make(metadata),
        }
    }

    /// The callsite whose metadata has this address.
    #[inline]
    pub(crate) fn at(address: u64) -> Option<&'static Self> {
        RECENT.with(|recent| {
            let near = &recent[near(address)];
            match near.get() {
                Some(callsite) if callsite.address() == address => Some(callsite),
                _ => {
                    near.set(Self::far(address));
                    near.get()
                }
            }
        })
    }

    /// By what it is found again.
    pub(crate) fn address(&self) -> u64 {
        address(self.metadata)
    }

    /// The number of a kind, as a value says it; in any case.
    pub(crate) fn kind(text: &str) -> usize {
        let names = ["internal", "server", "client", "producer", "consumer"];
        names
            .iter()
            .position(|name| text.eq_ignore_ascii_case(name))
            .unwrap_or(0)
    }

    /// What its spans of this kind are.
    #[inline]
    pub(crate) fn site(&self, kind: usize) -> &'static Site {
        self.sites[kind].get_or_init(|| add(self.spec(KINDS[kind])))
    }

    /// What its log records are.
    #[inline]
    pub(crate) fn log_site(&self) -> &'static LogSite {
        self.log_site
            .get_or_init(|| LogSite::register(self.log_spec()))
    }

    #[inline(never)]
    fn far(address: u64) -> Option<&'static Self> {
        CALLSITES.find(address)?.get().copied()
    }

    #[cold]
    fn make(metadata: &'static Metadata<'static>) -> &'static Self {
        static MAKING: Mutex<()> = Mutex::new(());
        let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have been faster.
        if let Some(known) = Self::at(address(metadata)) {
            return known;
        }
        let callsite: &'static Self = Box::leak(Box::new(Self::new(metadata)));
        if let Some(place) = CALLSITES.insert(address(metadata)) {
            let _ = place.set(callsite);
        }
        callsite
    }

    fn new(metadata: &'static Metadata<'static>) -> Self {
        let roles: Box<[Role]> = metadata
            .fields()
            .iter()
            .map(|field| role(field.name()))
            .collect();
        let specs: Vec<_> = metadata
            .fields()
            .iter()
            .map(|field| FieldSpec::late(key(field.name())))
            .collect();
        Self {
            metadata,
            is_special: roles
                .iter()
                .any(|role| !matches!(role, Role::Value(_) | Role::Message)),
            has_message: roles.contains(&Role::Message),
            roles,
            sites: [const { OnceLock::new() }; KINDS.len()],
            log_site: OnceLock::new(),
            fields: specs.leak(),
        }
    }

    fn spec(&self, kind: SpanKind) -> SiteSpec {
        let metadata = self.metadata;
        let module = metadata.module_path().unwrap_or(metadata.target());
        let package = module.split("::").next().unwrap_or(module);
        let file = metadata.file().unwrap_or_default();
        let line = metadata.line().unwrap_or_default();
        SiteSpec::new(metadata.name(), module, package, "", file, line, 0)
            .kind(kind)
            .level(level(*metadata.level()))
            .target(metadata.target())
            .fields(self.fields)
    }

    fn log_spec(&self) -> LogSiteSpec {
        let metadata = self.metadata;
        LogSiteSpec {
            target: metadata.target(),
            event_name: event_name(metadata.name()),
            module: metadata.module_path(),
            file: metadata.file(),
            line: metadata.line().unwrap_or_default(),
        }
    }
}

/// What an event is called, if somebody has given it a name: `tracing` calls others by their place,
/// and records of the `log` crate all alike.
fn event_name(name: &'static str) -> &'static str {
    match name {
        name if name.starts_with("event ") || name == "log event" => "",
        name => name,
    }
}

fn address(metadata: &'static Metadata<'static>) -> u64 {
    ptr::from_ref(metadata).addr() as u64
}

/// Metadata stand in rows, and take some hundred bytes each.
#[inline]
const fn near(address: u64) -> usize {
    (address >> 3 ^ address >> 9) as usize % NEAR
}

fn level(level: metadata::Level) -> Level {
    match level {
        metadata::Level::ERROR => Level::Error,
        metadata::Level::WARN => Level::Warn,
        metadata::Level::INFO => Level::Info,
        metadata::Level::DEBUG => Level::Debug,
        metadata::Level::TRACE => Level::Trace,
    }
}

fn role(name: &'static str) -> Role {
    match name {
        "message" => Role::Message,
        "otel.name" => Role::Name,
        "otel.kind" => Role::Kind,
        "otel.status_code" => Role::StatusCode,
        "otel.status_description" | "otel.status_message" => Role::StatusDescription,
        "log.target" => Role::LogTarget,
        "log.module_path" => Role::LogModule,
        "log.file" => Role::LogFile,
        "log.line" => Role::LogLine,
        _ => Role::Value(key(name)),
    }
}

/// A field that is called like a keyword is written `r#type`.
fn key(name: &'static str) -> &'static str {
    name.strip_prefix("r#").unwrap_or(name)
}
