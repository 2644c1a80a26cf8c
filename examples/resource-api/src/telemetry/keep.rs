//! An exporter that keeps every span of the run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use otel_runtime::export::{
    Exporter, ExporterError, ExporterStats, FlushError, LossCause, Outcome, SpanView, Status, Value,
};
use otel_runtime::{Resource, SpanId};

/// The most spans that are kept; a hundred thousand packages make fewer.
const MAX_SPANS: usize = 1_000_000;

/// A finished span, as much of it as the tree shows.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptSpan {
    /// Its name.
    pub name: Box<str>,
    /// Its own id.
    pub span_id: SpanId,
    /// Its parent, unless it is a root.
    pub parent_span_id: Option<SpanId>,
    /// Start, in nanoseconds since the Unix epoch.
    pub start_unix_ns: u64,
    /// From start to end, in nanoseconds.
    pub duration_ns: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, if it did.
    pub failure: Option<Box<str>>,
    /// Its fields.
    pub fields: Box<[(Box<str>, Field)]>,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// A whole number.
    Int(i64),
    /// Anything else, as text.
    Text(Box<str>),
}

/// The spans of a run, shared between the exporter and whoever shows them.
#[derive(Clone, Debug, Default)]
pub struct Kept(Arc<Mutex<Vec<KeptSpan>>>);

impl Kept {
    /// Takes the spans out; complete after a flush or the shutdown.
    #[must_use]
    pub fn take(&self) -> Vec<KeptSpan> {
        std::mem::take(&mut *self.lock())
    }

    /// The exporter that fills it.
    #[must_use]
    pub fn keeper(&self) -> Keeper {
        Keeper {
            kept: self.clone(),
            stats: Arc::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<KeptSpan>> {
        // a list of spans cannot be left half changed
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The exporter.
#[derive(Debug)]
pub struct Keeper {
    kept: Kept,
    stats: Arc<ExporterStats>,
}

impl Exporter for Keeper {
    fn name(&self) -> &'static str {
        "tree"
    }

    fn start(&mut self, _: &Resource, stats: Arc<ExporterStats>) -> Result<(), ExporterError> {
        self.stats = stats;
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        let mut spans = self.kept.lock();
        if spans.len() == MAX_SPANS {
            self.stats.add_dropped(LossCause::QueueFull, 1);
            return;
        }
        spans.push(KeptSpan::from(span));
        self.stats.add_exported(1);
    }

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

impl From<&SpanView<'_>> for KeptSpan {
    fn from(span: &SpanView<'_>) -> Self {
        Self {
            name: span.name.into(),
            span_id: span.span_id,
            parent_span_id: span.parent_span_id,
            start_unix_ns: span.start_unix_ns,
            duration_ns: span.end_unix_ns.saturating_sub(span.start_unix_ns),
            outcome: span.outcome,
            failure: match span.status {
                Status::Error(reason) => Some(reason.into()),
                Status::Unset | Status::Ok => None,
            },
            fields: span
                .attributes
                .iter()
                .map(|attribute| (attribute.key.into(), Field::from(attribute.value)))
                .collect(),
        }
    }
}

impl From<Value<'_>> for Field {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Int(number) => Self::Int(number),
            Value::Bool(truth) => Self::Text(truth.to_string().into()),
            Value::Double(number) => Self::Text(number.to_string().into()),
            Value::Str(text) => Self::Text(text.into()),
            Value::Array(array) => {
                let values: Vec<String> = array
                    .iter()
                    .map(|value| match Self::from(value) {
                        Self::Int(number) => number.to_string(),
                        Self::Text(text) => text.into(),
                    })
                    .collect();
                Self::Text(format!("[{}]", values.join(", ")).into())
            }
        }
    }
}
