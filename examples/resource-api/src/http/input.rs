//! What a handler takes from a request; what cannot be read is a [`Problem`].

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::Problem;
use crate::model::ResourceId;

/// The JSON of the body.
pub(super) struct Body<T>(pub(super) T);

/// What follows the `?`.
pub(super) struct Query<T>(pub(super) T);

/// The number in the path.
pub(super) struct PathId(pub(super) ResourceId);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(why) => Err(Problem::unreadable(why.status(), why.body_text())),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(why) => Err(Problem::unreadable(why.status(), why.body_text())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(number)) => Ok(Self(ResourceId(number))),
            Err(why) => Err(Problem::unreadable(why.status(), why.body_text())),
        }
    }
}
