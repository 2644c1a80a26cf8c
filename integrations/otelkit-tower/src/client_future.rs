//! A request that was sent, up to the head of its response.

use std::marker::PhantomData;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Extensions, Response, header};
use http_body::Body;
use otelkit_http::{ClientExchange, ErrorLook, Exchange, ObservedBody, PeerAddr, version_text};

/// A response's body, with whose end the span of the request ends.
pub type ClientBody<P, B> = ObservedBody<P, ClientExchange, B>;

pin_project_lite::pin_project! {
    /// The response to an observed request.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ClientFuture<F, E, B> {
        // `None` only while this is dropped.
        #[pin]
        future: Option<F>,
        // `None` when the response is there.
        exchange: Option<ClientExchange>,
        asks_for_body: bool,
        errors: PhantomData<fn() -> (E, B)>,
    }

    impl<F, E, B> PinnedDrop for ClientFuture<F, E, B> {
        /// What a service does when it is dropped belongs to the request as well.
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let mut future = this.future;
            if let Some(exchange) = this.exchange {
                exchange.in_scope(|| future.set(None));
            }
        }
    }
}

impl<F, E, B> ClientFuture<F, E, B> {
    pub(crate) fn new(future: F, exchange: ClientExchange, asks_for_body: bool) -> Self {
        Self {
            future: Some(future),
            exchange: Some(exchange),
            asks_for_body,
            errors: PhantomData,
        }
    }
}

impl<F, T, P, E, B> Future for ClientFuture<F, E, B>
where
    F: Future<Output = Result<Response<P>, T>>,
    P: Body,
    E: ErrorLook<T>,
{
    type Output = Result<Response<ClientBody<P, B>>, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(future) = this.future.as_pin_mut() else {
            return Poll::Pending;
        };
        let Some(exchange) = this.exchange else {
            return future
                .poll(cx)
                .map_ok(|response| response.map(ObservedBody::unobserved));
        };
        let poll = || exchange.in_scope(|| future.poll(cx));
        let polled = catch_unwind(AssertUnwindSafe(poll)).unwrap_or_else(|panic| {
            exchange.panicked();
            resume_unwind(panic)
        });
        let result = ready!(polled);
        let Some(mut exchange) = this.exchange.take() else {
            return Poll::Ready(result.map(|response| response.map(ObservedBody::unobserved)));
        };
        Poll::Ready(match result {
            Ok(response) => Ok(respond(exchange, response, *this.asks_for_body)),
            Err(error) => {
                exchange.fail(E::look(&error), E::type_name());
                Err(error)
            }
        })
    }
}

/// The response with its body observed.
fn respond<P: Body, B>(
    mut exchange: ClientExchange,
    response: Response<P>,
    asks_for_body: bool,
) -> Response<ClientBody<P, B>> {
    let status = response.status();
    let version = version_text(response.version());
    let peer = peer(response.extensions());
    exchange.respond(status.as_u16(), version, response.headers(), peer);
    let gets_body = asks_for_body && !status.is_informational();
    let length = response.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    response.map(|body| ObservedBody::new(body, exchange, gets_body).expecting(length))
}

fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    let peer = extensions.get::<PeerAddr>().map(|peer| peer.0);
    #[cfg(feature = "hyper-util")]
    let peer = peer.or_else(|| {
        let info = extensions.get::<hyper_util::client::legacy::connect::HttpInfo>();
        info.map(hyper_util::client::legacy::connect::HttpInfo::remote_addr)
    });
    peer
}
