//! `name`, `kind`, `level`, `target`, and every way to write them.

use otel_runtime::traced;

const NAME: &str = "constant";

struct Names;

impl Names {
    const TARGET: &'static str = "target";
}

#[traced(name = "literal", kind = server, level = error, target = "shop::orders")]
fn literal() {}

#[traced(name = NAME, kind = "client", level = "warn", target = Names::TARGET)]
fn constant() {}

#[traced(name = concat!("a", "b"), kind = SpanKind::Producer, level = Level::Trace)]
fn expression() {}

#[traced(kind = Consumer, level = Debug,)]
fn variants() {}

#[traced(kind = internal, level = info, busy)]
async fn asynchronous() {}

#[traced()]
fn empty() {}

fn main() {
    literal();
    constant();
    expression();
    variants();
    empty();
    let _ = asynchronous();
}
