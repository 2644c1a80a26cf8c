//! Functions that return futures, with work before them and without.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use otel_runtime::traced;

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

#[traced]
fn block(a: u32) -> impl Future<Output = u32> {
    async move { a }
}

#[traced]
fn eager(text: &str) -> impl Future<Output = Result<u32, Box<dyn std::error::Error>>> + use<> {
    let parsed = text.parse::<u32>();
    async move {
        if false {
            return Err("never".into());
        }
        Ok(parsed?)
    }
}

#[traced]
fn delegated(a: u32) -> impl Future<Output = u32> + Send {
    std::future::ready(a)
}

#[traced]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = &'a str> + Send + 'a>> {
    let trimmed = text.trim();
    Box::pin(async move { trimmed })
}

#[traced]
fn boxed_ready(a: u32) -> BoxFuture<'static, u32> {
    Box::pin(std::future::ready(a))
}

#[traced]
fn two_ways(a: u32) -> BoxFuture<'static, u32> {
    if a == 0 {
        return Box::pin(async { 0 });
    }
    Box::pin(async move { a })
}

#[traced]
fn out_of_sight(a: u32) -> BoxFuture<'static, u32> {
    boxed_ready(a)
}

#[traced]
fn match_at_the_end(a: u32) -> BoxFuture<'static, u32> {
    match a {
        0 => boxed_ready(1),
        a => Box::pin(async move { a }),
    }
}

#[traced]
fn recursive(n: u32) -> BoxFuture<'static, u32> {
    Box::pin(async move { if n == 0 { 0 } else { 1 + recursive(n - 1).await } })
}

#[traced]
fn chained(a: u32) -> impl Future<Output = u32> {
    trait Then: Future + Sized {
        fn then(self) -> Self {
            self
        }
    }
    impl<F: Future> Then for F {}
    async move { a }.then().then()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("pending"),
    }
}

fn main() {
    assert_eq!(run(block(1)), 1);
    assert_eq!(run(eager("1")).unwrap(), 1);
    assert_eq!(run(delegated(1)), 1);
    assert_eq!(run(boxed(" a ")), "a");
    assert_eq!(run(boxed_ready(1)), 1);
    assert_eq!(run(two_ways(0)) + run(two_ways(1)), 1);
    assert_eq!(run(out_of_sight(1)), 1);
    assert_eq!(run(match_at_the_end(1)), 1);
    assert_eq!(run(recursive(5)), 5);
    assert_eq!(run(chained(1)), 1);
}
