//! Log records on their way to OTLP requests, grouped by the part of the program they come from.

mod exporter;
mod json;
mod protobuf;

use super::by_scope::ByScope;
use super::{Encoding, envelope};
use crate::export::delivery::batcher::Bundle;
use crate::export::log_view::LogView;
use crate::export::view::{Attribute, Scope, Value};
use crate::resource::Resource;
use crate::stats::Signal;

pub use exporter::OtlpLogsExporter;

/// Encoded log records, waiting to become the body of one OTLP request.
///
/// The target of a record is the name of its instrumentation scope; file and line become the
/// attributes `code.file.path` and `code.line.number`. Takes no lock. [`push`](Self::push)
/// allocates only while its buffers grow to the size of the largest batch so far.
///
/// ```
/// use otel_runtime::Resource;
/// use otel_runtime::export::otlp::{Encoding, LogBatch};
///
/// let mut batch = LogBatch::new(Encoding::Json, &Resource::default());
/// let mut body = Vec::new();
/// assert_eq!(batch.finish_into(&mut body), 0);
/// assert!(body.starts_with(b"{\"resourceLogs\":["));
/// ```
#[derive(Debug)]
pub struct LogBatch {
    records: ByScope<()>,
}

impl LogBatch {
    /// An empty batch of log records that come from `resource`.
    #[must_use]
    pub fn new(encoding: Encoding, resource: &Resource) -> Self {
        Self {
            records: ByScope::new(encoding, &envelope::LOGS, resource),
        }
    }

    /// Encodes a log record into the batch.
    #[inline]
    pub fn push(&mut self, log: &LogView<'_>) {
        let encoding = self.records.encoding();
        let scope = Scope {
            name: log.target,
            version: "",
        };
        self.records.push(scope, |scope| match encoding {
            Encoding::Protobuf => protobuf::put_record(&mut scope.encoded, log),
            Encoding::Json | Encoding::JsonLine => {
                json::put_record(&mut scope.encoded, log);
                scope.encoded.push(b',');
            }
        });
    }

    /// How many log records it holds.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records.items()
    }

    /// How many bytes its records take, encoded and not compressed.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.records.bytes()
    }

    /// Replaces `body` by the request with all the records, empties the batch, and returns how many
    /// it held.
    pub fn finish_into(&mut self, body: &mut Vec<u8>) -> u64 {
        self.records.finish_into(body)
    }
}

impl Bundle for LogBatch {
    const SIGNAL: Signal = Signal::Logs;

    #[inline]
    fn items(&self) -> u64 {
        self.records()
    }

    #[inline]
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn finish_into(&mut self, body: &mut Vec<u8>) -> u64 {
        self.finish_into(body)
    }
}

/// Where the record was written, as attributes, unless it says something else under their keys.
fn place<'a>(log: &LogView<'a>) -> impl Iterator<Item = Attribute<'a>> + Clone {
    let file = log.file.map(|file| ("code.file.path", Value::Str(file)));
    let line = (log.line > 0).then(|| ("code.line.number", Value::Int(log.line.into())));
    let attributes = log.attributes;
    [file, line]
        .into_iter()
        .flatten()
        .filter(move |(key, _)| attributes.iter().all(|said| said.key != *key))
        .map(|(key, value)| Attribute { key, value })
}

/// What a person reads, unless there is nothing.
fn body<'a>(log: &LogView<'a>) -> Option<Value<'a>> {
    (log.body != Value::Str("")).then_some(log.body)
}
