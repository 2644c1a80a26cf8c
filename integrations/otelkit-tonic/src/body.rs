//! The body of a response, observed until its status is there.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use tonic::{Code, Status};

use crate::call::{BoxError, Call};
use crate::messages::MessageCounter;

pin_project_lite::pin_project! {
    /// A body whose messages are counted, and with whose trailers the span of its call ends.
    ///
    /// Data and trailers stay as they were; an error becomes the [`Status`] that it stands for. Each
    /// poll runs in the span.
    #[derive(Debug)]
    pub struct ObservedBody<B> {
        // `None`: there is nothing in it.
        #[pin]
        body: Option<B>,
        call: Call,
        counter: MessageCounter,
        http_status: StatusCode,
        answers_panics: bool,
    }
}

/// What a client gets whose call panicked.
fn panicked() -> Status {
    Status::internal("the handler panicked")
}

impl<B> ObservedBody<B> {
    /// The response with its body observed; with whose head the call is over if that has its status.
    pub(crate) fn of(
        response: Response<B>,
        mut call: Call,
        answers_panics: bool,
    ) -> Response<Self> {
        if let Some(status) = Status::from_header_map(response.headers()) {
            call.complete(&status);
        }
        let http_status = response.status();
        response.map(|body| Self {
            body: Some(body),
            call,
            counter: MessageCounter::default(),
            http_status,
            answers_panics,
        })
    }

    /// The response to a call that panicked.
    pub(crate) fn answer(mut call: Call) -> Response<Self> {
        call.panicked();
        panicked().into_http::<Option<B>>().map(|body| Self {
            body,
            call,
            counter: MessageCounter::default(),
            http_status: StatusCode::OK,
            answers_panics: true,
        })
    }
}

impl<B> Body for ObservedBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let mut this = self.project();
        let Some(mut body) = this.body.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let call = this.call;
        let poll = || call.in_scope(|| body.as_mut().poll_frame(cx));
        let polled = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(polled) => polled,
            Err(panic) => {
                call.panicked();
                this.body.set(None);
                if *this.answers_panics {
                    return Poll::Ready(trailers_of(&panicked()).map(Ok));
                }
                resume_unwind(panic)
            }
        };
        Poll::Ready(match polled {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(None) => {
                call.complete(&without_status(*this.http_status));
                None
            }
            Poll::Ready(Some(Err(error))) => Some(Err(call.fail(error.into()))),
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    call.responses(this.counter.feed(data));
                }
                if let Some(trailers) = frame.trailers_ref() {
                    call.complete(&status_of(trailers, *this.http_status));
                }
                Some(Ok(frame))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let of_body = |body: &B| match self.answers_panics {
            // There may be trailers where the body has promised data.
            true => SizeHint::default(),
            false => body.size_hint(),
        };
        self.body
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), of_body)
    }
}

/// What trailers say.
fn status_of(trailers: &HeaderMap, http_status: StatusCode) -> Status {
    Status::from_header_map(trailers).unwrap_or_else(|| without_status(http_status))
}

/// Something that speaks HTTP and no gRPC is between us; its words in those of gRPC, as the
/// [specification] translates them.
///
/// [specification]: https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
fn without_status(http_status: StatusCode) -> Status {
    let code = match http_status.as_u16() {
        400 => Code::Internal,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        429 | 502..=504 => Code::Unavailable,
        _ => Code::Unknown,
    };
    Status::new(code, "the response ended without a status")
}

fn trailers_of(status: &Status) -> Option<Frame<Bytes>> {
    let mut trailers = HeaderMap::new();
    status.add_header(&mut trailers).ok()?;
    Some(Frame::trailers(trailers))
}
