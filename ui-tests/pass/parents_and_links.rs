//! `parent`, `root`, `links`.

use otel_runtime::{SpanContext, current_context, traced};

struct Message {
    context: Option<SpanContext>,
    others: Vec<SpanContext>,
}

#[traced(parent = message.context, links(message.others.iter().copied()))]
fn handle(message: &Message) {
    let _ = message;
}

#[traced(root, links(context, others.iter().copied()))]
async fn detached(context: Option<SpanContext>, others: Vec<otel_runtime::Link>) {
    drop(others);
}

#[traced(parent = current_context(), kind = consumer)]
fn by_call() -> Result<u32, ()> {
    Ok(1)
}

fn main() {
    handle(&Message { context: None, others: vec![] });
    let _ = detached(None, vec![]);
    by_call().unwrap();
}
