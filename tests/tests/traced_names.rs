//! What an annotated function's span is called.

use std::pin::pin;
use std::task::{Context, Waker};

use otel_runtime::testing::Capture;
use otel_runtime::traced;

fn run<T>(future: impl Future<Output = T>) {
    let _ = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
}

#[traced]
fn function() {}

#[traced]
async fn asynchronous() {}

struct Cart<T>(T);

impl<T> Cart<T> {
    #[traced]
    fn method(&self) {}

    #[traced]
    fn without_self(_: u8) {}

    #[traced]
    async fn asynchronous(&self) {}
}

trait Price {
    #[traced]
    fn default_method(&self) {}

    fn implemented(&self);
}

impl<T> Price for Cart<T> {
    #[traced]
    fn implemented(&self) {}
}

struct Service;

#[traced]
impl Service {
    fn of_block(&self) {}

    #[traced(name = "special")]
    fn named(&self) {}
}

const NAME: &str = "constant";

#[traced(name = NAME)]
fn by_constant() {}

mod inner {
    pub(super) mod innermost {
        #[otel_runtime::traced]
        pub(in super::super) fn deep() {}
    }
}

#[traced]
fn outer() {
    #[traced]
    fn nested() {}
    nested();
}

#[test]
fn a_span_is_called_after_its_function_and_the_functions_type() {
    let capture = Capture::start();
    function();
    run(asynchronous());
    Cart(1).method();
    Cart::<u8>::without_self(1);
    run(Cart(1).asynchronous());
    Cart("a").implemented();
    Cart(1).default_method();
    Service.of_block();
    Service.named();
    by_constant();
    inner::innermost::deep();
    outer();
    capture.finish().assert_tree(
        "
        function
        asynchronous
        Cart::method
        Cart::without_self
        Cart::asynchronous
        Cart::implemented
        Price::default_method
        Service::of_block
        special
        constant
        deep
        outer
          nested
        ",
    );
}

#[test]
fn a_site_knows_its_place() {
    let site = otel_runtime::site::sites()
        .find(|site| site.name() == "function")
        .unwrap();
    let spec = site.spec();
    assert_eq!(spec.module, "traced_names");
    assert_eq!(spec.package, "otelkit-tests");
    assert!(spec.file.ends_with("traced_names.rs"));
    assert_eq!((spec.line, spec.column), (14, 4));
}
