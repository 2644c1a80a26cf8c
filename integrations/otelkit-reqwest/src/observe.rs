//! From a request to the end of its response's body.

use std::any::type_name;
use std::future::poll_fn;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;

use http::{HeaderMap, Method};
use http_body::Body as _;
use otelkit_http::{
    ClientConfig, ClientExchange, ClientRequest, Exchange, ObservedBody, UrlParts, version_text,
};
use reqwest::{Body, Client, Error, Request, Response, ResponseBuilderExt, Url};

/// Sends a request, observed.
pub(crate) async fn execute(
    client: &Client,
    config: &Arc<ClientConfig>,
    mut request: Request,
    template: Option<&str>,
) -> Result<Response, Error> {
    let mut headers = mem::take(request.headers_mut());
    let mut exchange = begin(config, &request, template, &mut headers);
    *request.headers_mut() = headers;
    let asks_for_body = request.method() != Method::HEAD;
    let mut response = pin!(exchange.in_scope(|| client.execute(request)));
    let result = poll_fn(|cx| {
        let poll = || exchange.in_scope(|| response.as_mut().poll(cx));
        catch_unwind(AssertUnwindSafe(poll)).unwrap_or_else(|panic| {
            exchange.panicked();
            resume_unwind(panic)
        })
    })
    .await;
    match result {
        Ok(response) => Ok(observed(response, exchange, asks_for_body)),
        Err(error) => {
            let message = without_secrets(&error, config);
            exchange.fail_saying(&error, type_name::<Error>(), &message);
            Err(error)
        }
    }
}

fn begin(
    config: &Arc<ClientConfig>,
    request: &Request,
    template: Option<&str>,
    headers: &mut HeaderMap,
) -> ClientExchange {
    let body_bytes = match request.body() {
        Some(body) => body.size_hint().exact(),
        None => Some(0),
    };
    let sent = ClientRequest {
        method: request.method().as_str(),
        url: parts(request.url()),
        template,
        resends: 0,
        body_bytes,
    };
    config.begin(&sent, headers)
}

fn parts(url: &Url) -> UrlParts<'_> {
    UrlParts {
        scheme: url.scheme(),
        authority: url.authority(),
        path: url.path(),
        query: url.query(),
        fragment: url.fragment(),
    }
}

/// The error's message, whose URL shows no secret.
fn without_secrets(error: &Error, config: &ClientConfig) -> String {
    let message = error.to_string();
    match error.url() {
        Some(url) => {
            let shown = config.shown(parts(url)).to_string();
            message.replace(url.as_str(), &shown)
        }
        None => message,
    }
}

/// The response with its body observed.
fn observed(response: Response, mut exchange: ClientExchange, asks_for_body: bool) -> Response {
    let status = response.status().as_u16();
    let version = version_text(response.version());
    exchange.respond(status, version, response.headers(), response.remote_addr());
    let url = response.url().clone();
    let (mut parts, body) = http::Response::<Body>::from(response).into_parts();
    let body: ObservedBody<_, _> = ObservedBody::new(body, exchange, asks_for_body);
    // The only way to say where a response came from.
    if let Ok(with_url) = http::Response::builder().url(url).body(()) {
        parts.extensions.extend(with_url.into_parts().0.extensions);
    }
    Response::from(http::Response::from_parts(parts, Body::wrap(body)))
}
