//! What a router made of a path.

use std::borrow::Cow;
use std::sync::Arc;

use http::Extensions;

/// The route of a request, with placeholders for its parameters: an extension of the request, or
/// of the response where the router runs inside of the layer.
///
/// ```
/// use otelkit_tower::Route;
///
/// let mut response = http::Response::new("an order");
/// response.extensions_mut().insert(Route::new("/orders/{id}"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route(Text);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Text {
    Static(&'static str),
    Shared(Arc<str>),
}

/// The route of a request, from whoever knows it.
#[derive(Clone, Debug)]
pub struct MatchedRoute(Source);

#[derive(Clone, Debug)]
enum Source {
    Route(Route),
    #[cfg(feature = "axum")]
    Axum(axum::extract::MatchedPath),
}

impl Route {
    /// A route; one that is made at run time is kept in an `Arc`.
    pub fn new(route: impl Into<Cow<'static, str>>) -> Self {
        Self(match route.into() {
            Cow::Borrowed(text) => Text::Static(text),
            Cow::Owned(text) => Text::Shared(text.into()),
        })
    }
}

impl AsRef<str> for Route {
    fn as_ref(&self) -> &str {
        match &self.0 {
            Text::Static(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl MatchedRoute {
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        let route = extensions.get::<Route>().cloned().map(Source::Route);
        #[cfg(feature = "axum")]
        let route = route.or_else(|| {
            let matched = extensions.get::<axum::extract::MatchedPath>();
            matched.cloned().map(Source::Axum)
        });
        route.map(Self)
    }
}

impl AsRef<str> for MatchedRoute {
    fn as_ref(&self) -> &str {
        match &self.0 {
            Source::Route(route) => route.as_ref(),
            #[cfg(feature = "axum")]
            Source::Axum(path) => path.as_str(),
        }
    }
}
