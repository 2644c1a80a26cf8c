//! Functions that return streams.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use otel_runtime::traced;

struct Count(u32);

impl Stream for Count {
    type Item = Result<u32, String>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0 -= 1;
        Poll::Ready((self.0 != 0).then_some(Ok(self.0)))
    }
}

#[traced(fields(from))]
fn plain(from: u32) -> impl Stream<Item = Result<u32, String>> {
    Count(from)
}

#[traced]
fn boxed<'a>(from: &'a u32) -> Pin<Box<dyn Stream<Item = Result<u32, String>> + Send + 'a>> {
    Box::pin(Count(*from))
}

#[traced]
fn two_ways(from: u32) -> Pin<Box<dyn Stream<Item = Result<u32, String>>>> {
    if from == 0 {
        return Box::pin(Count(1));
    }
    Box::pin(Count(from))
}

fn count(stream: impl Stream) -> usize {
    let mut stream = pin!(stream);
    let mut count = 0;
    while let Poll::Ready(Some(_)) = stream.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
        count += 1;
    }
    count
}

fn main() {
    assert_eq!(count(plain(3)), 2);
    assert_eq!(count(boxed(&3)), 2);
    assert_eq!(count(two_ways(0)), 0);
}
