//! A body that is observed is the body that it was, and its end is seen however it ends.

use std::convert::Infallible;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{Empty, Full};
use otelkit_http::{Exchange, ObservedBody};

/// Writes down what it is told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn tell(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn all(&self) -> String {
        self.0.lock().unwrap().join(", ")
    }
}

impl Exchange for Told {
    fn in_scope<T>(&mut self, work: impl FnOnce() -> T) -> T {
        work()
    }

    fn body_bytes(&mut self, bytes: u64) {
        self.tell(bytes.to_string());
    }

    fn complete(&mut self) {
        self.tell("complete");
    }

    fn fail(&mut self, error: &(dyn Error + 'static), _: &'static str) {
        self.tell(error.to_string());
    }

    fn panicked(&mut self) {
        self.tell("panicked");
    }
}

/// What a body does next.
enum Next {
    Data(&'static str),
    Trailers,
    Fails,
    Panics,
}

/// A body that knows nothing of its size.
struct Script(Vec<Next>);

impl Body for Script {
    type Data = Bytes;
    type Error = std::fmt::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::fmt::Error>>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(match self.0.remove(0) {
            Next::Data(text) => Ok(Frame::data(Bytes::from_static(text.as_bytes()))),
            Next::Trailers => Ok(Frame::trailers(HeaderMap::new())),
            Next::Fails => Err(std::fmt::Error),
            Next::Panics => panic!("a body"),
        }))
    }
}

fn poll<B: Body>(body: Pin<&mut B>) -> Option<Result<Frame<B::Data>, B::Error>> {
    match body.poll_frame(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(frame) => frame,
        Poll::Pending => panic!("nothing here waits"),
    }
}

/// What is told of a body of which so many frames are asked for.
fn told(script: Vec<Next>, frames: usize, length: Option<u64>) -> String {
    let told = Told::default();
    let body: ObservedBody<_, _> = ObservedBody::new(Script(script), told.clone(), true);
    let mut body = pin!(body.expecting(length));
    let ask = AssertUnwindSafe(|| {
        (0..frames).for_each(|_| {
            let _ = poll(body.as_mut());
        });
    });
    let _ = catch_unwind(ask);
    told.all()
}

#[test]
fn each_way_to_end_is_seen_once() {
    use Next::{Data, Fails, Panics, Trailers};
    for (script, frames, length, expected) in [
        (vec![Data("ab"), Data("c")], 9, None, "2, 1, complete"),
        (vec![Data("ab"), Data("c")], 2, None, "2, 1"),
        (vec![Data("ab"), Data("c")], 2, Some(3), "2, 1, complete"),
        (vec![Data("ab")], 0, Some(0), "complete"),
        (vec![Data("ab"), Trailers], 2, None, "2, 0, complete"),
        (
            vec![Data("ab"), Fails, Data("c")],
            9,
            None,
            "2, an error occurred when formatting an argument",
        ),
        (vec![Data("ab"), Panics, Data("c")], 9, None, "2, panicked"),
        (vec![], 1, None, "complete"),
    ] {
        assert_eq!(told(script, frames, length), expected);
    }
}

#[test]
fn a_body_that_nobody_sends_or_that_is_empty_is_over_at_once() {
    let told = Told::default();
    let full = Full::new(Bytes::from_static(b"abc"));
    let body: ObservedBody<_, _> = ObservedBody::new(full, told.clone(), false);
    assert_eq!(
        (body.size_hint().exact(), told.all()),
        (Some(3), "complete".to_owned())
    );

    let told = Told::default();
    let body: ObservedBody<_, _> = ObservedBody::new(Empty::<Bytes>::new(), told.clone(), true);
    assert!(body.is_end_stream());
    assert_eq!(told.all(), "complete");
}

#[test]
fn size_hints_frames_and_the_end_stay_what_they_were() {
    let bodies: [ObservedBody<_, Told>; 2] = [
        ObservedBody::new(Full::new(Bytes::from_static(b"abc")), Told::default(), true),
        ObservedBody::unobserved(Full::new(Bytes::from_static(b"abc"))),
    ];
    for mut body in bodies {
        assert_eq!(
            (body.size_hint().exact(), body.is_end_stream()),
            (Some(3), false)
        );
        let frame = poll(Pin::new(&mut body)).unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), "abc");
        assert_eq!(
            (body.size_hint().exact(), body.is_end_stream()),
            (Some(0), true)
        );
        assert!(poll(Pin::new(&mut body)).is_none());
    }
    let mut body: ObservedBody<Full<Bytes>, Told> = ObservedBody::empty();
    let nothing: Option<Result<_, Infallible>> = poll(Pin::new(&mut body));
    assert!(nothing.is_none() && body.is_end_stream());
    assert_eq!(SizeHint::exact(&body.size_hint()), Some(0));
}
