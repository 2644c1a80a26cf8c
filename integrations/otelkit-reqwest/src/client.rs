//! A client whose requests are recorded.

use std::sync::Arc;

use otelkit_http::{ClientConfig, KnownMethods, Redaction};
use reqwest::{Error, IntoUrl, Method, Request, Response};

use crate::observe;
use crate::redirects::counted;
use crate::request::RequestBuilder;

/// A [`reqwest::Client`] whose requests are recorded; see the [crate](crate). A clone is a handle
/// to the same one.
///
/// ```
/// use otelkit_reqwest::{Client, counted};
/// use reqwest::redirect::Policy;
///
/// # fn example() -> Result<(), reqwest::Error> {
/// let client = reqwest::Client::builder()
///     .redirect(counted(Policy::limited(3)))
///     .build()?;
/// let client = Client::from(client).request_header("x-tenant");
/// # drop(client);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    client: reqwest::Client,
    config: Arc<ClientConfig>,
}

impl Client {
    /// As [`reqwest::Client::new`], with redirects counted.
    ///
    /// # Panics
    /// If TLS cannot be initialised, or the system's resolver cannot be read.
    #[must_use]
    pub fn new() -> Self {
        let policy = counted(reqwest::redirect::Policy::default());
        let client = reqwest::Client::builder().redirect(policy).build();
        client.expect("a client can be made").into()
    }

    /// Record this header of requests, as `http.request.header.<name>`.
    #[must_use]
    pub fn request_header(self, name: &str) -> Self {
        self.config(|config| config.request_header(name))
    }

    /// Record this header of responses, as `http.response.header.<name>`.
    #[must_use]
    pub fn response_header(self, name: &str) -> Self {
        self.config(|config| config.response_header(name))
    }

    /// What is not shown of URLs.
    #[must_use]
    pub fn redaction(self, redaction: Redaction) -> Self {
        self.config(|config| config.redaction(redaction))
    }

    /// These methods are told apart.
    #[must_use]
    pub fn known_methods(self, methods: KnownMethods) -> Self {
        self.config(|config| config.known_methods(methods))
    }

    /// The client inside, whose requests are not recorded.
    #[must_use]
    pub const fn inner(&self) -> &reqwest::Client {
        &self.client
    }

    /// Begins a `GET` request.
    pub fn get(&self, url: impl IntoUrl) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    /// Begins a `POST` request.
    pub fn post(&self, url: impl IntoUrl) -> RequestBuilder {
        self.request(Method::POST, url)
    }

    /// Begins a `PUT` request.
    pub fn put(&self, url: impl IntoUrl) -> RequestBuilder {
        self.request(Method::PUT, url)
    }

    /// Begins a `PATCH` request.
    pub fn patch(&self, url: impl IntoUrl) -> RequestBuilder {
        self.request(Method::PATCH, url)
    }

    /// Begins a `DELETE` request.
    pub fn delete(&self, url: impl IntoUrl) -> RequestBuilder {
        self.request(Method::DELETE, url)
    }

    /// Begins a `HEAD` request.
    pub fn head(&self, url: impl IntoUrl) -> RequestBuilder {
        self.request(Method::HEAD, url)
    }

    /// Begins a request. A URL that is none is told by [`send`](RequestBuilder::send).
    pub fn request(&self, method: Method, url: impl IntoUrl) -> RequestBuilder {
        RequestBuilder::new(self.client.request(method, url), Arc::clone(&self.config))
    }

    /// Sends a request.
    ///
    /// # Errors
    /// As [`reqwest::Client::execute`].
    pub async fn execute(&self, request: Request) -> Result<Response, Error> {
        observe::execute(&self.client, &self.config, request, None).await
    }

    fn config(mut self, change: impl FnOnce(ClientConfig) -> ClientConfig) -> Self {
        self.config = Arc::new(change(Arc::unwrap_or_clone(self.config)));
        self
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl From<reqwest::Client> for Client {
    fn from(client: reqwest::Client) -> Self {
        Self {
            client,
            config: Arc::new(ClientConfig::new()),
        }
    }
}
