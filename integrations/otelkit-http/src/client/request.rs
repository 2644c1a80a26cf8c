//! What a client is about to send, and what a program says of it.

use std::borrow::Cow;

use crate::redaction::UrlParts;

/// The path of a request with placeholders for what differs from one request to the next, as in
/// `/users/{id}`: an extension of the request, that becomes `url.template` and a part of the span's
/// name. There should be few of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlTemplate(pub Cow<'static, str>);

/// How often a request was sent before, by retries, redirects, or with other credentials: an
/// extension of the request, for whoever sends it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResendCount(pub u32);

/// What a client is about to send.
#[derive(Clone, Copy, Debug)]
pub struct ClientRequest<'a> {
    /// The method, as it is sent.
    pub method: &'a str,
    /// Where to.
    pub url: UrlParts<'a>,
    /// The path with placeholders, if it is known.
    pub template: Option<&'a str>,
    /// How often it was sent before.
    pub resends: u32,
    /// How long its body is, if that is known.
    pub body_bytes: Option<u64>,
}
