//! Spans on their way to one request.

use super::by_scope::{ByScope, ScopeItems};
use super::{encode, envelope, json};
use crate::context::TraceId;
use crate::export::delivery::batcher::Bundle;
use crate::export::view::SpanView;
use crate::resource::Resource;
use crate::stats::Signal;

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
    spans: ByScope<End>,
}

/// Of a span in JSON: its trace, and where it ends. Protobuf can be walked without it.
type End = (TraceId, usize);

impl Batch {
    /// An empty batch of spans that come from `resource`.
    #[must_use]
    pub fn new(encoding: Encoding, resource: &Resource) -> Self {
        Self {
            spans: ByScope::new(encoding, &envelope::SPANS, resource),
        }
    }

    /// Encodes a span into the batch.
    #[inline]
    pub fn push(&mut self, span: &SpanView<'_>) {
        let encoding = self.spans.encoding();
        self.spans.push(span.scope, |scope| match encoding {
            Encoding::Protobuf => encode::put_span(&mut scope.encoded, span),
            Encoding::Json | Encoding::JsonLine => {
                json::put_span(&mut scope.encoded, span);
                scope.encoded.push(b',');
                scope.marks.push((span.trace_id, scope.encoded.len()));
            }
        });
    }

    /// How many spans it holds.
    #[must_use]
    pub const fn spans(&self) -> u64 {
        self.spans.items()
    }

    /// How many bytes its spans take, encoded and not compressed.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.spans.bytes()
    }

    /// Replaces `body` by the request with all the spans, empties the batch,
    /// and returns how many spans it held.
    pub fn finish_into(&mut self, body: &mut Vec<u8>) -> u64 {
        self.spans.finish_into(body)
    }

    /// Empties the batch, and returns how many spans it held.
    pub fn clear(&mut self) -> u64 {
        self.spans.clear()
    }

    /// Takes the spans of one trace out again, and returns how many they were.
    pub fn remove_trace(&mut self, trace_id: TraceId) -> u64 {
        let encoding = self.spans.encoding();
        self.spans.remove(|scope| match encoding {
            Encoding::Protobuf => remove_protobuf(scope, trace_id),
            Encoding::Json | Encoding::JsonLine => remove_json(scope, trace_id),
        })
    }
}

impl Bundle for Batch {
    const SIGNAL: Signal = Signal::Spans;

    #[inline]
    fn items(&self) -> u64 {
        self.spans()
    }

    #[inline]
    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn finish_into(&mut self, body: &mut Vec<u8>) -> u64 {
        self.finish_into(body)
    }
}

fn remove_protobuf(scope: &mut ScopeItems<End>, trace_id: TraceId) -> u64 {
    let spans = &mut scope.encoded;
    let mut removed = 0;
    let mut kept = 0;
    let mut at = 0;
    while let Some((head, len)) = span_extent(&spans[at..]) {
        let end = at + head + len;
        // a span opens with its trace id: tag, length, sixteen bytes
        if spans[at + head + 2..at + head + 18] == trace_id.to_bytes() {
            removed += 1;
        } else {
            spans.copy_within(at..end, kept);
            kept += end - at;
        }
        at = end;
    }
    spans.truncate(kept);
    removed
}

fn remove_json(scope: &mut ScopeItems<End>, trace_id: TraceId) -> u64 {
    let spans = &mut scope.encoded;
    let mut from = 0;
    let mut kept = 0;
    let before = scope.marks.len();
    scope.marks.retain_mut(|(trace, end)| {
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
    (before - scope.marks.len()) as u64
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
