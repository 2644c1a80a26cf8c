//! The resources over HTTP: JSON in and out, [problem details](problem) when something is wrong.

mod body;
mod input;
mod problem;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use otelkit_tower::HttpServerLayer;

pub use body::{
    CycleBody, DeleteQuery, DeletedBody, NewResourceBody, ResourceBody, SearchQuery, UpdateBody,
};
use input::{Body, PathId, Query};
pub use problem::{Problem, ProblemBody};

use crate::model::ResourceId;
use crate::service::{Cascade, Resources};

const HEALTH: &str = "/health";

type Answer<T> = Result<T, Problem>;

/// The routes.
///
/// | | |
/// |---|---|
/// | `POST /resources` | create |
/// | `GET /resources?text=..&limit=..` | search |
/// | `GET`, `PUT`, `DELETE /resources/{id}` | one of them; `?cascade=true` deletes what needs it, too |
/// | `GET /resources/{id}/dependencies`, `../dependents` | what it needs, what needs it |
/// | `GET /cycles` | circular dependencies |
/// | `GET /health` | 204 as long as the program runs |
pub fn router(resources: Resources) -> Router {
    Router::new()
        .route("/resources", get(search).post(create))
        .route("/resources/{id}", get(one).put(update).delete(delete))
        .route("/resources/{id}/dependencies", get(dependencies))
        .route("/resources/{id}/dependents", get(dependents))
        .route("/cycles", get(cycles))
        .route(HEALTH, get(StatusCode::NO_CONTENT))
        .fallback(Problem::no_such_path)
        .method_not_allowed_fallback(Problem::no_such_method)
        .layer(observed())
        .with_state(resources)
}

/// A span and metrics for every request but the questions whether the program runs.
fn observed() -> HttpServerLayer {
    HttpServerLayer::new()
        .leave_out(|path| path == HEALTH)
        .answer_panics()
}

async fn create(
    State(resources): State<Resources>,
    Body(new): Body<NewResourceBody>,
) -> Answer<impl IntoResponse> {
    let resource = resources.create(new.into()).await?;
    let location = [(header::LOCATION, format!("/resources/{}", resource.id.0))];
    let body = Json(ResourceBody::from(resource));
    Ok((StatusCode::CREATED, location, body))
}

async fn one(State(resources): State<Resources>, PathId(id): PathId) -> Answer<Json<ResourceBody>> {
    Ok(Json(resources.get(id).await?.into()))
}

async fn update(
    State(resources): State<Resources>,
    PathId(id): PathId,
    Body(update): Body<UpdateBody>,
) -> Answer<StatusCode> {
    resources.update(id, &update.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(
    State(resources): State<Resources>,
    PathId(id): PathId,
    Query(query): Query<DeleteQuery>,
) -> Answer<Json<DeletedBody>> {
    let cascade = match query.cascade {
        true => Cascade::Everything,
        false => Cascade::Refuse,
    };
    Ok(Json(resources.delete(id, cascade).await?.into()))
}

async fn search(
    State(resources): State<Resources>,
    Query(query): Query<SearchQuery>,
) -> Answer<Json<Vec<ResourceBody>>> {
    let found = resources.search(&query.text, query.limit).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

async fn dependencies(
    State(resources): State<Resources>,
    PathId(id): PathId,
) -> Answer<Json<Vec<ResourceBody>>> {
    let found = resources.dependencies(id).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

async fn dependents(
    State(resources): State<Resources>,
    PathId(id): PathId,
) -> Answer<Json<Vec<ResourceBody>>> {
    let found = resources.dependents(id).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

async fn cycles(State(resources): State<Resources>) -> Answer<Json<Vec<CycleBody>>> {
    let cycles = resources.cycles().await?;
    Ok(Json(cycles.into_iter().map(Into::into).collect()))
}

fn numbers(ids: Vec<ResourceId>) -> Vec<i64> {
    ids.into_iter().map(|id| id.0).collect()
}
