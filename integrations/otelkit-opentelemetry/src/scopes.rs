//! A Site for each instrumentation scope and kind of span, made when they are first seen.
//!
//! Sites are never freed, and a scope can have any name: there are so many at
//! most, and one more for all further scopes, whose spans say for themselves
//! which one it is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use opentelemetry::trace::SpanKind;
use opentelemetry::{InstrumentationScope, KeyValue};
use otel_runtime::Site;
use otel_runtime::site::{self, FieldSpec, SiteSpec};

/// The most scopes with Sites of their own.
const MOST: usize = 500;
/// The name of the one for all others.
const OTHERS: &str = "otelkit.others";
/// What a span without a name is called.
const UNNAMED: &str = "unnamed";

/// The Sites of a scope.
#[derive(Debug)]
pub(crate) struct Sites {
    name: &'static str,
    version: &'static str,
    by_kind: [OnceLock<&'static Site>; 5],
}

/// A scope as its spans tell it.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) sites: &'static Sites,
    /// What each of its spans says, since the Site does not.
    pub(crate) attributes: Vec<KeyValue>,
}

type Key = (Cow<'static, str>, Cow<'static, str>);

static KNOWN: RwLock<Option<HashMap<Key, &'static Sites>>> = RwLock::new(None);

impl Scope {
    pub(crate) fn of(scope: &InstrumentationScope) -> Self {
        let sites = sites(scope.name(), scope.version().unwrap_or_default());
        let mut attributes: Vec<_> = scope
            .attributes()
            .map(|attribute| {
                let key = format!("otel.scope.{}", attribute.key);
                KeyValue::new(key, attribute.value.clone())
            })
            .collect();
        if let Some(url) = scope.schema_url() {
            attributes.push(KeyValue::new("otel.scope.schema_url", url.to_owned()));
        }
        if sites.name != scope.name() {
            attributes.push(KeyValue::new("otel.scope.name", scope.name().to_owned()));
            if let Some(version) = scope.version() {
                attributes.push(KeyValue::new("otel.scope.version", version.to_owned()));
            }
        }
        Self { sites, attributes }
    }
}

impl Sites {
    fn new(name: &str, version: &str) -> &'static Self {
        Box::leak(Box::new(Self {
            name: name.to_owned().leak(),
            version: version.to_owned().leak(),
            by_kind: Default::default(),
        }))
    }

    /// The Site of spans of this kind.
    pub(crate) fn of_kind(&self, kind: &SpanKind) -> &'static Site {
        let kind = match kind {
            SpanKind::Internal => otel_runtime::SpanKind::Internal,
            SpanKind::Server => otel_runtime::SpanKind::Server,
            SpanKind::Client => otel_runtime::SpanKind::Client,
            SpanKind::Producer => otel_runtime::SpanKind::Producer,
            SpanKind::Consumer => otel_runtime::SpanKind::Consumer,
        };
        self.by_kind[kind as usize - 1].get_or_init(|| {
            const ANY: &[FieldSpec] = &[FieldSpec::late("*")];
            let spec = SiteSpec::new(UNNAMED, self.name, self.name, self.version, "", 0, 0);
            site::add(spec.kind(kind).fields(ANY))
        })
    }
}

fn sites(name: &str, version: &str) -> &'static Sites {
    static OTHER_SITES: OnceLock<&'static Sites> = OnceLock::new();
    let key: Key = (Cow::Owned(name.to_owned()), Cow::Owned(version.to_owned()));
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(sites) = known.as_ref().and_then(|known| known.get(&key)) {
        return sites;
    }
    drop(known);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    match known.get(&key) {
        Some(sites) => sites,
        None if known.len() >= MOST => OTHER_SITES.get_or_init(|| Sites::new(OTHERS, "")),
        None => {
            let sites = Sites::new(name, version);
            known.insert(key, sites);
            sites
        }
    }
}
