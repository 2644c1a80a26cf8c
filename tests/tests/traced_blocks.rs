//! Options of an annotated `impl` block or trait, and those of its methods.

use otel_runtime::export::{Outcome, SpanData, ValueData};
use otel_runtime::testing::Capture;
use otel_runtime::{SpanContext, SpanKind, set_attributes, span, traced};

struct Shop {
    id: u64,
    linked: Option<SpanContext>,
}

#[traced(
    kind = client,
    fields(shop.id = self.id, layer = "block", rows = _, short = [1, 2].len()),
    links(self.linked),
)]
impl Shop {
    fn inherits(&self) {
        set_attributes!(rows = 3);
    }

    #[traced(fields(layer = "method", item))]
    fn adds(&self, item: &str) -> usize {
        item.len()
    }

    #[traced(args(layer), kind = server)]
    fn captures(&self, layer: u8) -> u8 {
        layer
    }

    #[traced(fields(shop.id = _))]
    fn leaves_out(&self) {}

    #[traced(links = more, fields())]
    fn links(&self, more: Vec<SpanContext>) {}
}

#[traced(root, ok_if = |error| error.is_empty(), none = error, ret)]
impl Shop {
    #[traced(parent = self.linked)]
    fn below(&self) {}

    fn accepted(&self) -> Result<u8, String> {
        Err(String::new())
    }

    fn number(&self) -> u8 {
        5
    }

    fn absent(&self) -> Option<u8> {
        None
    }
}

/// The span that a method of the shop leaves, with a linked span if there is one.
fn one(linked: Option<SpanContext>, work: impl FnOnce(&Shop)) -> SpanData {
    let capture = Capture::start();
    work(&Shop { id: 7, linked });
    let spans = capture.finish();
    assert_eq!(spans.len(), 1);
    spans.iter().next().unwrap().clone()
}

fn some_span() -> SpanContext {
    let capture = Capture::start();
    let context = span!("elsewhere").context().unwrap();
    assert_eq!(capture.finish().len(), 1);
    context
}

fn attributes(span: &SpanData) -> String {
    let mut pairs: Vec<String> = span
        .attributes
        .iter()
        .map(|(key, value)| match value {
            ValueData::Int(value) => format!("{key}={value}"),
            ValueData::Str(value) => format!("{key}={value}"),
            other => panic!("{key} is {other:?}"),
        })
        .collect();
    pairs.sort();
    pairs.join(" ")
}

#[test]
fn a_method_takes_over_the_fields_of_its_block() {
    let span = one(None, Shop::inherits);
    assert_eq!(attributes(&span), "layer=block rows=3 shop.id=7 short=2");
}

#[test]
fn a_methods_fields_join_those_of_its_block_and_win() {
    let span = one(None, |shop| assert_eq!(shop.adds("a"), 1));
    assert_eq!(attributes(&span), "item=a layer=method shop.id=7 short=2");
}

#[test]
fn a_captured_argument_wins_over_a_field_of_the_block() {
    let span = one(None, |shop| assert_eq!(shop.captures(3), 3));
    assert_eq!(attributes(&span), "layer=3 shop.id=7 short=2");
    assert_eq!(span.kind, SpanKind::Server);
}

#[test]
fn a_key_without_a_value_leaves_out_what_the_block_says() {
    let span = one(None, Shop::leaves_out);
    assert_eq!(attributes(&span), "layer=block short=2");
    assert_eq!(span.kind, SpanKind::Client);
}

#[test]
fn links_of_block_and_method_join() {
    let (first, second) = (some_span(), some_span());
    let span = one(Some(first), |shop| shop.links(vec![second]));
    let linked: Vec<_> = span.links.iter().map(|link| link.span_id).collect();
    assert_eq!(linked, [first.span_id, second.span_id]);
}

#[test]
fn a_methods_parent_wins_over_the_root_of_its_block() {
    let parent = some_span();
    let span = one(Some(parent), Shop::below);
    assert_eq!(span.parent_span_id, Some(parent.span_id));
}

#[test]
fn options_about_the_value_go_where_there_is_such_a_value() {
    let accepted = one(None, |shop| assert!(shop.accepted().is_err()));
    assert_eq!(accepted.outcome, Outcome::Ok);
    let number = one(None, |shop| assert_eq!(shop.number(), 5));
    assert_eq!(attributes(&number), "return=5");
    let absent = one(None, |shop| assert_eq!(shop.absent(), None));
    assert_eq!(absent.outcome, Outcome::Error);
}
