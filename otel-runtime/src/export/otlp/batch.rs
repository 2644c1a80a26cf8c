//! Spans on their way to one request.
//!
//! The collector thread encodes each span into the buffer of its scope; when
//! the batch is due, the buffers are joined into the body of an
//! `ExportTraceServiceRequest`. Buffers keep their memory from one batch to the next.

use super::envelope::{self, Enclosed, Envelope};
use super::{encode, json};
use crate::context::TraceId;
use crate::export::view::{Scope, SpanView};
use crate::resource::Resource;

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// OTLP's protobuf messages.
    Protobuf,
    /// OTLP/JSON, on one line, without a line break at its end.
    Json,
    /// OTLP/JSON, on one line, with a line break at its end.
    JsonLine,
}

/// Encoded spans, waiting to become the body of one OTLP request.
///
/// Takes no lock. [`push`](Self::push) allocates only while its buffers grow to the size of
/// the largest batch so far.
///
/// ```
/// use otel_runtime::Resource;
/// use otel_runtime::export::otlp::{Batch, Encoding};
///
/// let mut batch = Batch::new(Encoding::Json, &Resource::default());
/// let mut body = Vec::new();
/// assert_eq!(batch.finish_into(&mut body), 0);
/// assert!(body.starts_with(b"{\"resourceSpans\":["));
/// ```
#[derive(Debug)]
pub struct Batch {
    envelope: Envelope,
    scopes: Vec<ScopeBatch>,
    /// Index of the scope of the span before; the next one is usually of the same.
    recent: usize,
    spans: u64,
    bytes: usize,
}

/// The spans of one instrumentation scope.
#[derive(Debug)]
struct ScopeBatch {
    name: String,
    version: String,
    /// The encoded scope: a protobuf field, or a JSON object.
    scope: Vec<u8>,
    /// The encoded spans: protobuf fields, or JSON objects with a comma after each.
    spans: Vec<u8>,
    /// Of each span in `spans`: its trace, and where it ends. Only kept for
    /// JSON; protobuf can be walked without it.
    ends: Vec<(TraceId, usize)>,
}

/// Scopes without spans are forgotten when there are more than this many.
const IDLE_SCOPES: usize = 64;

impl Batch {
    /// An empty batch of spans that come from `resource`.
    #[must_use]
    pub fn new(encoding: Encoding, resource: &Resource) -> Self {
        Self {
            envelope: Envelope::new(encoding, &envelope::SPANS, resource),
            scopes: Vec::new(),
            recent: 0,
            spans: 0,
            bytes: 0,
        }
    }

    /// Encodes a span into the batch.
    #[inline]
    pub fn push(&mut self, span: &SpanView<'_>) {
        let encoding = self.envelope.encoding();
        let scope = self.scope_of(span.scope);
        let before = scope.spans.len();
        match encoding {
            Encoding::Protobuf => encode::put_span(&mut scope.spans, span),
            Encoding::Json | Encoding::JsonLine => {
                json::put_span(&mut scope.spans, span);
                scope.spans.push(b',');
                scope.ends.push((span.trace_id, scope.spans.len()));
            }
        }
        let grown = scope.spans.len() - before;
        self.bytes += grown;
        self.spans += 1;
    }

    /// How many spans it holds.
    #[must_use]
    pub const fn spans(&self) -> u64 {
        self.spans
    }

    /// How many bytes its spans take, encoded and not compressed.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Replaces `body` by the request with all the spans, empties the batch,
    /// and returns how many spans it held.
    pub fn finish_into(&mut self, body: &mut Vec<u8>) -> u64 {
        body.clear();
        let scopes = self.filled_scopes().map(|scope| Enclosed {
            scope: &scope.scope,
            items: &scope.spans,
        });
        self.envelope.put(body, scopes);
        self.clear()
    }

    /// Empties the batch, and returns how many spans it held.
    pub fn clear(&mut self) -> u64 {
        if self.scopes.len() > IDLE_SCOPES {
            self.scopes.retain(|scope| !scope.spans.is_empty());
            self.recent = 0;
        }
        for scope in &mut self.scopes {
            scope.spans.clear();
            scope.ends.clear();
        }
        self.bytes = 0;
        std::mem::take(&mut self.spans)
    }

    /// Takes the spans of one trace out again, and returns how many they were.
    pub fn remove_trace(&mut self, trace_id: TraceId) -> u64 {
        let mut removed = 0;
        let mut bytes = 0;
        for scope in &mut self.scopes {
            removed += match self.envelope.encoding() {
                Encoding::Protobuf => scope.remove_protobuf(trace_id),
                Encoding::Json | Encoding::JsonLine => scope.remove_json(trace_id),
            };
            bytes += scope.spans.len();
        }
        self.bytes = bytes;
        self.spans -= removed;
        removed
    }

    #[inline]
    fn scope_of(&mut self, scope: Scope<'_>) -> &mut ScopeBatch {
        let is_recent = self
            .scopes
            .get(self.recent)
            .is_some_and(|recent| recent.is(scope));
        if !is_recent {
            let found = self.scopes.iter().position(|known| known.is(scope));
            self.recent = found.unwrap_or_else(|| self.add_scope(scope));
        }
        &mut self.scopes[self.recent]
    }

    #[cold]
    fn add_scope(&mut self, scope: Scope<'_>) -> usize {
        let encoded = envelope::scope(self.envelope.encoding(), scope.name, scope.version);
        self.scopes.push(ScopeBatch {
            name: scope.name.to_owned(),
            version: scope.version.to_owned(),
            scope: encoded,
            spans: Vec::new(),
            ends: Vec::new(),
        });
        self.scopes.len() - 1
    }

    fn filled_scopes(&self) -> impl Iterator<Item = &ScopeBatch> + Clone {
        self.scopes.iter().filter(|scope| !scope.spans.is_empty())
    }
}

impl ScopeBatch {
    #[inline]
    fn is(&self, scope: Scope<'_>) -> bool {
        self.name == scope.name && self.version == scope.version
    }

    fn remove_protobuf(&mut self, trace_id: TraceId) -> u64 {
        let mut removed = 0;
        let mut kept = 0;
        let mut at = 0;
        while let Some((head, len)) = span_extent(&self.spans[at..]) {
            let end = at + head + len;
            // a span opens with its trace id: tag, length, sixteen bytes
            if self.spans[at + head + 2..at + head + 18] == trace_id.to_bytes() {
                removed += 1;
            } else {
                self.spans.copy_within(at..end, kept);
                kept += end - at;
            }
            at = end;
        }
        self.spans.truncate(kept);
        removed
    }

    fn remove_json(&mut self, trace_id: TraceId) -> u64 {
        let spans = &mut self.spans;
        let mut from = 0;
        let mut kept = 0;
        let before = self.ends.len();
        self.ends.retain_mut(|(trace, end)| {
            let span = from..*end;
            from = *end;
            if *trace == trace_id {
                return false;
            }
            let len = span.len();
            spans.copy_within(span, kept);
            kept += len;
            *end = kept;
            true
        });
        spans.truncate(kept);
        (before - self.ends.len()) as u64
    }
}

/// Of the span that opens `spans`: the length of tag and length, and of the rest.
fn span_extent(spans: &[u8]) -> Option<(usize, usize)> {
    let (&tag, rest) = spans.split_first()?;
    debug_assert_eq!(tag, encode::SPANS_TAG);
    let mut len = 0;
    for (index, byte) in rest.iter().enumerate() {
        len |= usize::from(byte & 0x7f) << (7 * index);
        if *byte < 0x80 {
            return Some((index + 2, len));
        }
    }
    None
}
