//! A response's body, observed until it is over.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use otelkit_http::{Exchange, ServerExchange};

pin_project_lite::pin_project! {
    /// A body whose bytes are counted, and with whose end the span of its request ends.
    ///
    /// What it is made of stays as it was. Each poll runs in the span.
    pub struct ResponseBody<B> {
        #[pin]
        body: B,
        // `None` when the response is over.
        exchange: Option<ServerExchange<String>>,
        seen: u64,
    }
}

impl<B: MessageBody> ResponseBody<B> {
    pub(crate) fn new(body: B, mut exchange: ServerExchange<String>, is_sent: bool) -> Self {
        let is_over = !is_sent || body.size().is_eof();
        if is_over {
            exchange.complete();
        }
        Self {
            body,
            exchange: (!is_over && exchange.is_observed()).then_some(exchange),
            seen: 0,
        }
    }
}

impl<B: MessageBody> MessageBody for ResponseBody<B> {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let body = this.body;
        let size = body.size();
        let Some(exchange) = this.exchange else {
            return body.poll_next(cx).map_err(Into::into);
        };
        let poll = || exchange.in_scope(|| body.poll_next(cx));
        let polled = catch_unwind(AssertUnwindSafe(poll)).unwrap_or_else(|panic| {
            exchange.panicked();
            resume_unwind(panic)
        });
        let next = ready!(polled).map(|next| next.map_err(Into::<Box<dyn Error>>::into));
        let is_over = match &next {
            None => true,
            Some(Err(error)) => {
                exchange.fail(&**error, "_OTHER");
                true
            }
            Some(Ok(chunk)) => {
                *this.seen += chunk.len() as u64;
                exchange.body_bytes(chunk.len() as u64);
                matches!(size, BodySize::Sized(all) if *this.seen >= all)
            }
        };
        if is_over {
            exchange.complete();
            *this.exchange = None;
        }
        Poll::Ready(next)
    }

    fn try_into_bytes(mut self) -> Result<Bytes, Self> {
        match self.body.try_into_bytes() {
            Ok(bytes) => {
                if let Some(exchange) = &mut self.exchange {
                    exchange.body_bytes(bytes.len() as u64);
                    exchange.complete();
                }
                Ok(bytes)
            }
            Err(body) => {
                self.body = body;
                Err(self)
            }
        }
    }
}
