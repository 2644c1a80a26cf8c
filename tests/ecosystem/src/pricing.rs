//! A library that knows the OpenTelemetry API alone, and calls back.

use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer};
use opentelemetry::{Context, global};

/// A price, less what the caller says.
pub(crate) async fn price(item: &str, discount: impl Future<Output = u64>) -> u64 {
    let tracer = global::tracer("pricing");
    let context = Context::current_with_span(tracer.start("price"));
    let priced = async {
        let full = tracer.in_span("look up", |_| item.len() as u64 * 10);
        full - discount.await
    };
    let price = priced.with_context(context.clone()).await;
    context.span().end();
    price
}
