//! A request under way, up to the head of its response.

use std::any::type_name;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::error::{Error, ErrorInternalServerError};
use actix_web::http::StatusCode;
use otelkit_http::{Exchange, ServerExchange};

use crate::body::ResponseBody;
use crate::head::HeadersOf;

pin_project_lite::pin_project! {
    /// The response of an observed service.
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ServerFuture<F> {
        // `None` if making it panicked, and that is answered.
        #[pin]
        future: Option<F>,
        exchange: ServerExchange<String>,
        asks_for_body: bool,
        answers_panics: bool,
    }

    impl<F> PinnedDrop for ServerFuture<F> {
        /// What a handler does when it is dropped belongs to the request as well.
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let mut future = this.future;
            this.exchange.in_scope(|| future.set(None));
        }
    }
}

impl<F> ServerFuture<F> {
    pub(crate) fn new(
        future: Option<F>,
        exchange: ServerExchange<String>,
        asks_for_body: bool,
        answers_panics: bool,
    ) -> Self {
        Self {
            future,
            exchange,
            asks_for_body,
            answers_panics,
        }
    }
}

impl<F, B> Future for ServerFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<ResponseBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let exchange = this.exchange;
        let Some(future) = this.future.as_pin_mut() else {
            return Poll::Ready(Err(answer(exchange)));
        };
        let poll = || exchange.in_scope(|| future.poll(cx));
        let result = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(polled) => ready!(polled),
            Err(_) if *this.answers_panics => return Poll::Ready(Err(answer(exchange))),
            Err(panic) => {
                exchange.panicked();
                resume_unwind(panic)
            }
        };
        Poll::Ready(match result {
            Ok(response) => Ok(respond(exchange, response, *this.asks_for_body)),
            Err(error) => {
                // The server makes a response of it.
                let response = error.error_response();
                let status = response.status();
                exchange.respond(status.as_u16(), &HeadersOf(response.headers()));
                explain(exchange, status.is_server_error().then_some(&error));
                exchange.complete();
                Err(error)
            }
        })
    }
}

/// The answer to a request whose handler panicked.
fn answer(exchange: &mut ServerExchange<String>) -> Error {
    let error = ErrorInternalServerError("");
    let response = error.error_response();
    let headers = HeadersOf(response.headers());
    exchange.respond(response.status().as_u16(), &headers);
    exchange.panicked();
    error
}

/// The response with its body observed.
fn respond<B: MessageBody>(
    exchange: &mut ServerExchange<String>,
    response: ServiceResponse<B>,
    asks_for_body: bool,
) -> ServiceResponse<ResponseBody<B>> {
    let mut exchange = mem::replace(exchange, ServerExchange::none());
    let status = response.status();
    exchange.respond(status.as_u16(), &HeadersOf(response.headers()));
    if status.is_server_error() {
        explain(&mut exchange, response.response().error());
    }
    // What follows is another protocol's.
    let is_sent = asks_for_body && status != StatusCode::SWITCHING_PROTOCOLS;
    response.map_body(|_, body| ResponseBody::new(body, exchange, is_sent))
}

fn explain(exchange: &mut ServerExchange<String>, error: Option<&Error>) {
    if let Some(error) = error {
        exchange.explain(error, type_name::<Error>());
    }
}
