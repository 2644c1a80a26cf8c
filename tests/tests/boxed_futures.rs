//! A function that returns a boxed future allocates what it did before: the span goes into the box
//! that the function makes. Only a future that was boxed out of sight gets one more.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use otel_runtime::testing::Capture;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Counts what each thread asks for.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise; the block came from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

type BoxFuture<'a> = Pin<Box<dyn Future<Output = u32> + Send + 'a>>;

/// Declares the functions of this test in a module of their own.
macro_rules! functions {
    ($name:ident $(#[$traced:meta])?) => {
        mod $name {
            use super::*;

            $(#[$traced])?
            pub(super) fn at_the_end(a: u32) -> BoxFuture<'static> {
                let b = a + 1;
                Box::pin(async move { b })
            }

            $(#[$traced])?
            pub(super) fn early(a: u32) -> BoxFuture<'static> {
                if a == 0 {
                    return Box::pin(async { 0 });
                }
                for b in 0..a {
                    if b == 2 {
                        return Box::pin(std::future::ready(b));
                    }
                }
                Box::pin(async move { a })
            }

            $(#[$traced])?
            pub(super) fn in_arms(text: &str) -> BoxFuture<'_> {
                match text {
                    "" => Box::pin(async { 0 }),
                    _ if text.len() > 2 => {
                        let half = text.len() / 2;
                        if half > 1 { Box::pin(std::future::ready(1)) } else { Box::pin(async move { half as u32 }) }
                    }
                    text => Box::pin(async move { text.len() as u32 }),
                }
            }

            $(#[$traced])?
            pub(super) fn inside(future: Option<std::future::Ready<u32>>) -> BoxFuture<'static> {
                Box::pin(match future {
                    Some(future) => future,
                    None => return Box::pin(async { 7 }),
                })
            }

            $(#[$traced])?
            pub(super) fn out_of_sight(a: u32) -> BoxFuture<'static> {
                let future: BoxFuture<'static> = Box::pin(async move { a });
                future
            }

            $(#[$traced])?
            pub(super) fn partly(a: u32) -> BoxFuture<'static> {
                if a == 0 { Box::pin(async { 0 }) } else { super::bare::at_the_end(a) }
            }

            $(#[$traced])?
            pub(super) fn diverges(a: u32) -> BoxFuture<'static> {
                match a {
                    0 => panic!("on purpose"),
                    1 => loop {
                        return Box::pin(async { 1 });
                    },
                    a => return Box::pin(async move { a }),
                }
            }
        }
    };
}

functions!(bare);
functions!(annotated #[otel_runtime::traced]);

/// The allocations of making and running the future, and its value.
fn count(make: impl FnOnce() -> BoxFuture<'static>) -> (u64, u32) {
    let before = ALLOCATIONS.get();
    let mut future = pin!(make());
    let value = match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for nothing"),
    };
    (ALLOCATIONS.get() - before, value)
}

/// Asserts that the annotated function makes `more` allocations, the same value and one span.
#[track_caller]
fn makes_more(
    more: u64,
    bare: impl FnOnce() -> BoxFuture<'static>,
    annotated: impl Fn() -> BoxFuture<'static>,
) {
    let (allocated, value) = count(bare);
    let capture = Capture::start();
    // The first one gets the thread what it needs to record.
    assert_eq!(count(&annotated).1, value);
    assert_eq!(count(&annotated), (allocated + more, value));
    assert_eq!(
        capture.finish().len(),
        2,
        "a span a call, however it was left"
    );
}

#[test]
fn a_span_goes_into_the_box_that_the_function_makes() {
    makes_more(0, || bare::at_the_end(1), || annotated::at_the_end(1));
    for a in 0..4 {
        makes_more(0, || bare::early(a), || annotated::early(a));
    }
    for text in ["", "a", "abc", "abcdef"] {
        makes_more(0, || bare::in_arms(text), || annotated::in_arms(text));
    }
    for ready in [None, Some(3)] {
        let future = || ready.map(std::future::ready);
        makes_more(0, || bare::inside(future()), || annotated::inside(future()));
    }
    for a in 1..3 {
        makes_more(0, || bare::diverges(a), || annotated::diverges(a));
    }
}

#[test]
fn a_future_that_was_boxed_out_of_sight_gets_one_box_more() {
    makes_more(1, || bare::out_of_sight(1), || annotated::out_of_sight(1));
    makes_more(0, || bare::partly(0), || annotated::partly(0));
    makes_more(1, || bare::partly(1), || annotated::partly(1));
}

#[test]
fn what_never_returns_a_future_panics_as_before() {
    assert!(std::panic::catch_unwind(|| drop(annotated::diverges(0))).is_err());
}
