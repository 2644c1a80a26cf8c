//! A request under way in a server, up to the head of its response.

use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Method, Response, StatusCode, header};
use http_body::Body;
use otelkit_http::{ErrorLook, Exchange, ObservedBody, ServerExchange};

use crate::route::MatchedRoute;

/// A response's body, with whose end the span of the request ends.
pub type ResponseBody<P, B> = ObservedBody<P, ServerExchange<MatchedRoute>, B>;

pin_project_lite::pin_project! {
    /// The response of an observed service.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ServerFuture<F, E, B> {
        // `None` if making it panicked, and that is answered.
        #[pin]
        future: Option<F>,
        exchange: ServerExchange<MatchedRoute>,
        wants: Wants,
        answers_panics: bool,
        errors: PhantomData<fn() -> (E, B)>,
    }

    impl<F, E, B> PinnedDrop for ServerFuture<F, E, B> {
        /// What a handler does when it is dropped belongs to the request as well.
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let mut future = this.future;
            this.exchange.in_scope(|| future.set(None));
        }
    }
}

/// Whether a body is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    Body,
    /// `HEAD`
    Nothing,
    /// `CONNECT`
    Tunnel,
}

impl Wants {
    pub(crate) fn by(method: &Method) -> Self {
        match *method {
            Method::HEAD => Self::Nothing,
            Method::CONNECT => Self::Tunnel,
            _ => Self::Body,
        }
    }

    /// True if a body is sent with this status.
    pub(crate) fn gets_body(self, status: StatusCode) -> bool {
        match self {
            Self::Nothing => false,
            Self::Tunnel if status.is_success() => false,
            Self::Body | Self::Tunnel => {
                !status.is_informational()
                    && status != StatusCode::NO_CONTENT
                    && status != StatusCode::NOT_MODIFIED
            }
        }
    }
}

impl<F, E, B> ServerFuture<F, E, B> {
    pub(crate) fn new(
        future: Option<F>,
        exchange: ServerExchange<MatchedRoute>,
        wants: Wants,
        answers_panics: bool,
    ) -> Self {
        Self {
            future,
            exchange,
            wants,
            answers_panics,
            errors: PhantomData,
        }
    }
}

impl<F, T, P, E, B> Future for ServerFuture<F, E, B>
where
    F: Future<Output = Result<Response<P>, T>>,
    P: Body,
    E: ErrorLook<T>,
{
    type Output = Result<Response<ResponseBody<P, B>>, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let exchange = this.exchange;
        let Some(future) = this.future.as_pin_mut() else {
            return Poll::Ready(Ok(answer(exchange)));
        };
        let poll = || exchange.in_scope(|| future.poll(cx));
        let result = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(polled) => ready!(polled),
            Err(_) if *this.answers_panics => return Poll::Ready(Ok(answer(exchange))),
            Err(panic) => {
                exchange.panicked();
                resume_unwind(panic)
            }
        };
        Poll::Ready(match result {
            Ok(response) => Ok(respond(exchange, response, *this.wants)),
            Err(error) => {
                exchange.fail(E::look(&error), E::type_name());
                Err(error)
            }
        })
    }
}

/// The response to a request whose handler panicked.
fn answer<P, B>(exchange: &mut ServerExchange<MatchedRoute>) -> Response<ResponseBody<P, B>> {
    let mut response = Response::new(ObservedBody::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    exchange.respond(response.status().as_u16(), response.headers());
    exchange.panicked();
    response
}

/// The response with its body observed.
fn respond<P: Body, B>(
    exchange: &mut ServerExchange<MatchedRoute>,
    response: Response<P>,
    wants: Wants,
) -> Response<ResponseBody<P, B>> {
    let mut exchange = std::mem::replace(exchange, ServerExchange::none());
    if !exchange.is_observed() {
        return response.map(ObservedBody::unobserved);
    }
    if !exchange.has_route()
        && let Some(route) = MatchedRoute::of(response.extensions())
    {
        exchange.set_route(route);
    }
    let status = response.status();
    exchange.respond(status.as_u16(), response.headers());
    let length = response.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    response
        .map(|body| ObservedBody::new(body, exchange, wants.gets_body(status)).expecting(length))
}
