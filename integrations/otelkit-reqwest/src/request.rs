//! A request that is being put together.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Version};
use otelkit_http::ClientConfig;
use reqwest::{Body, Error, Request, Response};

use crate::observe;

/// A [`reqwest::RequestBuilder`] whose request is recorded.
#[derive(Debug)]
#[must_use = "a request is sent by `send`"]
pub struct RequestBuilder {
    request: reqwest::RequestBuilder,
    config: Arc<ClientConfig>,
    template: Option<Cow<'static, str>>,
}

impl RequestBuilder {
    pub(crate) fn new(request: reqwest::RequestBuilder, config: Arc<ClientConfig>) -> Self {
        Self {
            request,
            config,
            template: None,
        }
    }

    /// The path of the URL with placeholders for what differs from one request to the next, as in
    /// `/users/{id}`: `url.template`, and a part of the span's name.
    pub fn url_template(mut self, template: impl Into<Cow<'static, str>>) -> Self {
        self.template = Some(template.into());
        self
    }

    /// Adds a header.
    pub fn header<K, V>(self, key: K, value: V) -> Self
    where
        HeaderName: TryFrom<K, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        self.with(|request| request.header(key, value))
    }

    /// Sets headers, in place of those of the same names.
    pub fn headers(self, headers: HeaderMap) -> Self {
        self.with(|request| request.headers(headers))
    }

    /// Authenticates by name and password.
    pub fn basic_auth(self, username: impl Display, password: Option<impl Display>) -> Self {
        self.with(|request| request.basic_auth(username, password))
    }

    /// Authenticates by a token.
    pub fn bearer_auth(self, token: impl Display) -> Self {
        self.with(|request| request.bearer_auth(token))
    }

    /// Sets the body.
    pub fn body(self, body: impl Into<Body>) -> Self {
        self.with(|request| request.body(body))
    }

    /// How long it may take until the response's body is read.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|request| request.timeout(timeout))
    }

    /// The version of HTTP.
    pub fn version(self, version: Version) -> Self {
        self.with(|request| request.version(version))
    }

    /// Adds to the URL's query.
    #[cfg(feature = "query")]
    pub fn query(self, query: &(impl serde::Serialize + ?Sized)) -> Self {
        self.with(|request| request.query(query))
    }

    /// A form is the body.
    #[cfg(feature = "form")]
    pub fn form(self, form: &(impl serde::Serialize + ?Sized)) -> Self {
        self.with(|request| request.form(form))
    }

    /// JSON is the body.
    #[cfg(feature = "json")]
    pub fn json(self, json: &(impl serde::Serialize + ?Sized)) -> Self {
        self.with(|request| request.json(json))
    }

    /// A form of several parts is the body.
    #[cfg(feature = "multipart")]
    pub fn multipart(self, form: reqwest::multipart::Form) -> Self {
        self.with(|request| request.multipart(form))
    }

    /// Changes reqwest's builder, for what it alone can do.
    pub fn with(
        mut self,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Self {
        self.request = change(self.request);
        self
    }

    /// The request; [`Client::execute`](crate::Client::execute) sends it.
    ///
    /// # Errors
    /// If anything that it was made of was wrong.
    pub fn build(self) -> Result<Request, Error> {
        self.request.build()
    }

    /// A copy; `None` if the body is a stream.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        Some(Self {
            request: self.request.try_clone()?,
            config: Arc::clone(&self.config),
            template: self.template.clone(),
        })
    }

    /// Sends the request. There is no span for one that cannot be made.
    ///
    /// # Errors
    /// As [`reqwest::RequestBuilder::send`].
    pub async fn send(self) -> Result<Response, Error> {
        let (client, request) = self.request.build_split();
        observe::execute(&client, &self.config, request?, self.template.as_deref()).await
    }
}
