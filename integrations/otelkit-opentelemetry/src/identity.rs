//! Who a span is, in the words of the API and in ours.

use opentelemetry::trace as api;

/// The context of a span as we have it; `None` if the API's is of no span.
pub(crate) fn ours(span: &api::SpanContext) -> Option<otel_runtime::SpanContext> {
    Some(otel_runtime::SpanContext {
        trace_id: otel_runtime::TraceId::from_bytes(span.trace_id().to_bytes())?,
        span_id: otel_runtime::SpanId::from_bytes(span.span_id().to_bytes())?,
        trace_flags: otel_runtime::TraceFlags::from_bits(span.trace_flags().to_u8()),
        is_remote: span.is_remote(),
    })
}

/// What other tracing systems keep with the span's trace; nothing if it is more than a header can
/// hold.
pub(crate) fn our_trace_state(span: &api::SpanContext) -> otel_runtime::TraceState {
    if *span.trace_state() == api::TraceState::NONE {
        return otel_runtime::TraceState::EMPTY;
    }
    let header = span.trace_state().header();
    otel_runtime::TraceState::from_headers([header.as_str()]).unwrap_or_default()
}

/// The context of the span in which `context` is, as the API has it.
pub(crate) fn theirs(context: otel_runtime::Context) -> Option<api::SpanContext> {
    let span = context.span()?;
    let state = context.trace_state();
    let state = match state.is_empty() {
        true => api::TraceState::NONE,
        false => state.as_str().parse().unwrap_or_default(),
    };
    Some(api::SpanContext::new(
        api::TraceId::from_bytes(span.trace_id.to_bytes()),
        api::SpanId::from_bytes(span.span_id.to_bytes()),
        api::TraceFlags::new(span.trace_flags.bits()),
        span.is_remote,
        state,
    ))
}
