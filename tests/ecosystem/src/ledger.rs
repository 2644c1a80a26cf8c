//! A library that passes messages between threads as others do between processes, and knows the
//! OpenTelemetry API alone.

use std::collections::HashMap;

use opentelemetry::trace::{SpanKind, TraceContextExt, Tracer};
use opentelemetry::{Context, global};

/// What is in the queue: no more than a broker would keep.
#[derive(Debug)]
pub(crate) struct Message {
    headers: HashMap<String, String>,
    pub(crate) item: String,
}

/// Puts a message together that knows who sent it.
pub(crate) fn message(item: &str) -> Message {
    let tracer = global::tracer("ledger");
    let span = tracer
        .span_builder("publish")
        .with_kind(SpanKind::Producer)
        .start(&tracer);
    let _sending = Context::current_with_span(span).attach();
    let mut headers = HashMap::new();
    global::get_text_map_propagator(|propagator| propagator.inject(&mut headers));
    Message {
        headers,
        item: item.to_owned(),
    }
}

/// Handles a message on a thread of its own.
pub(crate) fn handle(message: Message, work: impl FnOnce(&str) + Send + 'static) {
    let handling = move || {
        let sender =
            global::get_text_map_propagator(|propagator| propagator.extract(&message.headers));
        let tracer = global::tracer("ledger");
        let span = tracer
            .span_builder("handle")
            .with_kind(SpanKind::Consumer)
            .start_with_context(&tracer, &sender);
        let _handling = sender.with_span(span).attach();
        work(&message.item);
    };
    // Whoever waits for the answer to a request shall find it handled.
    let _ = std::thread::spawn(handling).join();
}
