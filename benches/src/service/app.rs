//! The service itself, annotated with whatever a library annotates with.

/// Writes the service: a function `router`, over handlers, operations, validation and queries.
///
/// The attributes of operations and checks are given; `query` is a macro that writes a function for a
/// statement, which its body has as `QUERY`; `pool` is what queries run on.
#[macro_export]
macro_rules! service_app {
    (
        pool: $pool:ty;
        operation: $(#[$operation:meta])*;
        check: $(#[$check:meta])*;
        query: $query:ident;
    ) => {
        mod app {
            use axum::extract::{Path, Query, State};
            use axum::http::StatusCode;
            use axum::routing::get;
            use axum::{Json, Router};
            use serde::{Deserialize, Serialize};

            type Pool = $pool;

            #[derive(Serialize, sqlx::FromRow)]
            pub(super) struct Item {
                id: i64,
                name: String,
                price: i64,
            }

            #[derive(Deserialize)]
            pub(super) struct NewItem {
                name: String,
                price: i64,
            }

            #[derive(Deserialize)]
            pub(super) struct Search {
                text: String,
            }

            #[derive(Debug)]
            pub(super) enum Failure {
                Refused,
                NotFound,
                Database(sqlx::Error),
            }

            impl std::fmt::Display for Failure {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    match self {
                        Self::Refused => f.write_str("refused"),
                        Self::NotFound => f.write_str("not found"),
                        Self::Database(error) => write!(f, "the database: {error}"),
                    }
                }
            }

            impl std::error::Error for Failure {}

            impl From<sqlx::Error> for Failure {
                fn from(error: sqlx::Error) -> Self {
                    Self::Database(error)
                }
            }

            impl axum::response::IntoResponse for Failure {
                fn into_response(self) -> axum::response::Response {
                    let status = match self {
                        Self::Refused => StatusCode::BAD_REQUEST,
                        Self::NotFound => StatusCode::NOT_FOUND,
                        Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
                    };
                    status.into_response()
                }
            }

            pub(super) fn router(pool: Pool) -> Router {
                Router::new()
                    .route("/items/{id}", get(handle_get))
                    .route("/items", get(handle_search).post(handle_create))
                    .with_state(pool)
            }

            async fn handle_get(
                State(pool): State<Pool>,
                Path(id): Path<i64>,
            ) -> Result<Json<Item>, Failure> {
                Ok(Json(get_item(&pool, id).await?))
            }

            async fn handle_search(
                State(pool): State<Pool>,
                Query(search): Query<Search>,
            ) -> Result<Json<Vec<Item>>, Failure> {
                Ok(Json(search_items(&pool, &search.text).await?))
            }

            async fn handle_create(
                State(pool): State<Pool>,
                Json(new): Json<NewItem>,
            ) -> Result<(StatusCode, Json<Item>), Failure> {
                Ok((StatusCode::CREATED, Json(create_item(&pool, new).await?)))
            }

            $(#[$operation])*
            async fn get_item(pool: &Pool, id: i64) -> Result<Item, Failure> {
                check_id(id)?;
                select_item(pool, id).await?.ok_or(Failure::NotFound)
            }

            $(#[$operation])*
            async fn search_items(pool: &Pool, text: &str) -> Result<Vec<Item>, Failure> {
                check_text(text)?;
                Ok(select_items(pool, text).await?)
            }

            $(#[$operation])*
            async fn create_item(pool: &Pool, new: NewItem) -> Result<Item, Failure> {
                check_text(&new.name)?;
                let id = insert_item(pool, &new.name, new.price).await?;
                select_item(pool, id).await?.ok_or(Failure::NotFound)
            }

            $(#[$check])*
            fn check_id(id: i64) -> Result<(), Failure> {
                if id > 0 { Ok(()) } else { Err(Failure::Refused) }
            }

            $(#[$check])*
            fn check_text(text: &str) -> Result<(), Failure> {
                if text.is_empty() || text.len() > 100 {
                    return Err(Failure::Refused);
                }
                Ok(())
            }

            $query! {
                "SELECT id, name, price FROM item WHERE id = $1"
                async fn select_item(pool: &Pool, id: i64) -> Result<Option<Item>, sqlx::Error> {
                    sqlx::query_as(QUERY).bind(id).fetch_optional(pool).await
                }
            }

            $query! {
                "SELECT id, name, price FROM item WHERE name LIKE $1 LIMIT 10"
                async fn select_items(pool: &Pool, text: &str) -> Result<Vec<Item>, sqlx::Error> {
                    let text = format!("%{text}%");
                    sqlx::query_as(QUERY).bind(text).fetch_all(pool).await
                }
            }

            $query! {
                "INSERT INTO item (name, price) VALUES ($1, $2) RETURNING id"
                async fn insert_item(
                    pool: &Pool,
                    name: &str,
                    price: i64,
                ) -> Result<i64, sqlx::Error> {
                    let insert = sqlx::query_as(QUERY).bind(name).bind(price);
                    let (id,) = insert.fetch_one(pool).await?;
                    Ok(id)
                }
            }
        }
    };
}

/// A function for a statement, with these attributes, in which nothing knows of the statement.
#[macro_export]
macro_rules! query_function {
    (
        $(#[$attribute:meta])*
        $statement:literal
        async fn $name:ident($($parameters:tt)*) -> $answer:ty $body:block
    ) => {
        $(#[$attribute])*
        async fn $name($($parameters)*) -> $answer {
            const QUERY: &str = $statement;
            $body
        }
    };
}
