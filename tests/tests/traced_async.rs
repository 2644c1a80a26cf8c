//! Spans of futures and streams, as they are polled.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use otel_runtime::testing::Capture;
use otel_runtime::traced;

/// Pending once.
#[derive(Default)]
struct Pause(bool);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[traced]
fn leaf() {}

#[traced]
async fn inner() {
    Pause::default().await;
    leaf();
}

#[traced]
async fn outer(n: u8) {
    leaf();
    inner().await;
    if n > 0 {
        Box::pin(outer(n - 1)).await;
    }
}

#[traced]
fn eager() -> impl Future<Output = ()> {
    leaf();
    async { leaf() }
}

struct Numbers(u8);

impl Stream for Numbers {
    type Item = u8;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
        leaf();
        self.0 -= 1;
        Poll::Ready((self.0 > 0).then_some(self.0))
    }
}

#[traced]
fn stream() -> impl Stream<Item = u8> {
    Numbers(2)
}

#[test]
fn a_span_is_the_parent_of_what_runs_in_its_future_on_whatever_thread() {
    let capture = Capture::start();
    let mut future = Box::pin(outer(1));
    assert!(poll(future.as_mut()).is_pending());
    let future = std::thread::spawn(move || {
        assert!(poll(future.as_mut()).is_pending());
        future
    });
    let future = future.join().unwrap();
    drop(future);
    let spans = capture.finish();
    spans.assert_tree(
        "
        outer otelkit.outcome=cancelled [cancelled]
          leaf
          inner
            leaf
          outer otelkit.outcome=cancelled [cancelled]
            leaf
            inner otelkit.outcome=cancelled [cancelled]
        ",
    );
}

#[test]
fn futures_that_take_turns_do_not_mix_their_spans() {
    let capture = Capture::start();
    let (mut first, mut second) = (pin!(outer(0)), pin!(outer(0)));
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(second.as_mut()).is_pending());
    assert!(poll(first.as_mut()).is_ready());
    assert!(poll(second.as_mut()).is_ready());
    let tree = "outer\n  leaf\n  inner\n    leaf\n";
    assert_eq!(capture.finish().to_string(), tree.repeat(2));
}

#[test]
fn the_eager_part_of_a_function_stays_outside_of_the_span() {
    let capture = Capture::start();
    let _ = poll(pin!(eager()));
    capture.finish().assert_tree(
        "
        leaf
        eager
          leaf
        ",
    );
}

#[test]
fn a_stream_is_in_its_span_until_it_ends() {
    let capture = Capture::start();
    let mut stream = Box::pin(stream());
    let context = &mut Context::from_waker(Waker::noop());
    while stream.as_mut().poll_next(context) != Poll::Ready(None) {}
    capture.finish().assert_tree(
        "
        stream
          leaf
          leaf
        ",
    );
}
