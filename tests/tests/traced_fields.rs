//! What an annotated function's span records, beside its outcome.

use otel_runtime::testing::Capture;
use otel_runtime::{current_context, event, set_attributes, span, traced};

#[derive(Debug)]
struct Order {
    id: u64,
    lines: Vec<u8>,
}

#[traced(fields(
    order.id,
    lines = order.lines.len(),
    ?order.lines,
    shown = %format_args!("#{}", order.id),
    price = 2.5,
    paid = true,
    coupon = None::<&str>,
    big = u64::MAX,
    tags = ["a", "b"],
))]
fn all(order: &Order) {}

#[traced(args(id, ?order))]
async fn arguments(id: u64, order: Order, mut secret: String) -> usize {
    secret.push('x');
    order.lines.len() + id as usize
}

#[traced(fields(rows, error.type = _))]
fn late() {
    set_attributes!(rows = 3, error.type = "none");
    std::convert::identity(|| set_attributes!(rows = 4))();
}

#[traced(ret)]
fn returned() -> Result<u32, ()> {
    Ok(5)
}

#[traced(root)]
fn root() {}

#[traced(parent = parent)]
async fn child_of(parent: Option<otel_runtime::SpanContext>) {}

#[traced(links(linked))]
fn links(linked: Vec<otel_runtime::SpanContext>) {}

#[traced]
fn with_an_event(size: u32) {
    event!("cache.miss", size, %size, hit = false);
}

fn tree(work: impl FnOnce()) -> String {
    let capture = Capture::start();
    work();
    capture.finish().to_string()
}

fn run(future: impl Future) {
    let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
    let _ = std::pin::pin!(future).poll(context);
}

#[test]
fn fields_keep_their_type_and_none_is_left_out() {
    let order = Order {
        id: 7,
        lines: vec![1, 2],
    };
    let found = tree(|| all(&order));
    let expected = "all order.id=7 lines=2 price=2.5 paid=true";
    for part in expected.split(' ') {
        assert!(found.contains(part), "no {part} in {found}");
    }
    for part in ["order.lines=[1, 2]", "shown=#7", "big=18446744073709551615"] {
        assert!(found.contains(part), "no {part} in {found}");
    }
    assert!(!found.contains("coupon"), "{found}");
}

#[test]
fn arguments_are_captured_only_if_named() {
    let order = Order {
        id: 7,
        lines: vec![],
    };
    let found = tree(|| run(arguments(1, order, "secret".into())));
    assert!(
        found.contains("id=1") && found.contains("lines: []"),
        "{found}"
    );
    assert!(!found.contains("secret"), "{found}");
}

#[test]
fn a_later_value_replaces_an_earlier_one() {
    let found = tree(late);
    assert!(
        found.contains("rows=4") && found.contains("error.type=none"),
        "{found}"
    );
}

#[test]
fn the_value_inside_a_result_is_recorded_if_asked_for() {
    assert!(tree(|| ignore(returned())).contains("return=5"));
}

#[test]
fn parents_are_those_that_the_annotation_names() {
    let capture = Capture::start();
    let mut outer = span!("outer", kind = server);
    let context = outer.in_scope(|| {
        root();
        current_context()
    });
    ignore(outer);
    run(child_of(context));
    capture.finish().assert_tree(
        "
        outer
          child_of
        root
        ",
    );
}

#[test]
fn links_and_events_belong_to_their_span() {
    let capture = Capture::start();
    let mut outer = span!("outer");
    let context = outer.in_scope(current_context).unwrap();
    ignore(outer);
    links(vec![context, context]);
    with_an_event(3);
    let spans = capture.finish();
    assert_eq!(spans.named("links").links.len(), 2);
    let with_an_event = spans.named("with_an_event");
    assert_eq!(with_an_event.events.len(), 1);
    assert_eq!(with_an_event.events[0].name, "cache.miss");
}

/// Takes a result that only the span tells of.
fn ignore<T>(_: T) {}
