//! A Site as `tracing` knows places: made when its first span is shown, and never freed.

use std::ptr;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use otel_runtime::{Level, Site};
use tracing_core::callsite::{self, Callsite, Identifier};
use tracing_core::field::FieldSet;
use tracing_core::subscriber::Interest;
use tracing_core::{Kind, Metadata, metadata};

use crate::table::Table;

/// The place of an annotated function, as a callsite.
#[derive(Debug)]
pub(crate) struct ShownPlace {
    metadata: OnceLock<Metadata<'static>>,
    interest: AtomicU8,
}

const NEVER: u8 = 0;
const SOMETIMES: u8 = 1;
const ALWAYS: u8 = 2;

/// So many fields `tracing` knows of a place.
const MOST_FIELDS: usize = 32;

static PLACES: Table<OnceLock<&'static ShownPlace>> = Table::new();

impl ShownPlace {
    /// That of a Site; `None` if it is of another API, whose spans get their names later and are never
    /// entered as ours are, or if there is no room for it.
    pub(crate) fn of(site: &'static Site) -> Option<&'static Self> {
        if site.spec().file.is_empty() {
            return None;
        }
        static MAKING: Mutex<()> = Mutex::new(());
        let address = ptr::from_ref(site).addr() as u64;
        let known = || PLACES.find(address)?.get().copied();
        known().or_else(|| {
            let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
            known().or_else(|| {
                let place = Self::make(site);
                let _ = PLACES.insert(address)?.set(place);
                Some(place)
            })
        })
    }

    /// True if spans of it are to be shown to this one.
    pub(crate) fn is_wanted(&'static self, by: &tracing_core::Dispatch) -> bool {
        match self.interest.load(Ordering::Relaxed) {
            NEVER => false,
            SOMETIMES => by.enabled(self.known()),
            _ => true,
        }
    }

    pub(crate) fn known(&'static self) -> &'static Metadata<'static> {
        self.metadata
            .get()
            .expect("set before anybody sees the place")
    }

    fn make(site: &'static Site) -> &'static Self {
        let place: &'static Self = Box::leak(Box::new(Self {
            metadata: OnceLock::new(),
            interest: AtomicU8::new(SOMETIMES),
        }));
        let spec = site.spec();
        let keys: Vec<&'static str> = spec.fields.iter().map(|field| field.key).collect();
        let keys = &*keys.leak();
        let metadata = Metadata::new(
            site.name(),
            spec.target,
            level(spec.level),
            Some(spec.file),
            Some(spec.line),
            Some(spec.module),
            FieldSet::new(&keys[..keys.len().min(MOST_FIELDS)], Identifier(place)),
            Kind::SPAN,
        );
        let _ = place.metadata.set(metadata);
        callsite::register(place);
        place
    }
}

impl Callsite for ShownPlace {
    fn set_interest(&self, interest: Interest) {
        let interest = match () {
            () if interest.is_never() => NEVER,
            () if interest.is_always() => ALWAYS,
            () => SOMETIMES,
        };
        self.interest.store(interest, Ordering::Relaxed);
    }

    fn metadata(&self) -> &Metadata<'_> {
        self.metadata
            .get()
            .expect("set before anybody sees the place")
    }
}

fn level(level: Level) -> metadata::Level {
    match level {
        Level::Error => metadata::Level::ERROR,
        Level::Warn => metadata::Level::WARN,
        Level::Info => metadata::Level::INFO,
        Level::Debug => metadata::Level::DEBUG,
        Level::Trace => metadata::Level::TRACE,
    }
}
