//! Why a request was not carried out, as [RFC 9457] has it.
//!
//! [RFC 9457]: https://www.rfc-editor.org/rfc/rfc9457

use axum::Json;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use otel_runtime::class::{Class, Classification, Classify, Codes};
use otel_runtime::current_context;
use serde::{Deserialize, Serialize};
use tracing::error;

use crate::service::ServiceError;

/// An answer that says what is wrong.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    body: ProblemBody,
}

/// Its JSON. `type` is always `about:blank`: `code` tells problems apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemBody {
    /// Always `about:blank`.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong with this request.
    pub detail: String,
    /// What kind of error it is, as in telemetry.
    pub class: String,
    /// Which error it is, as in telemetry.
    pub code: String,
    /// The trace of the request, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
}

/// What it means to whoever reads it.
impl Classify for ProblemBody {
    const CODES: Codes = Codes::Open;

    fn classify(&self) -> Classification<'_> {
        let class = self.class.parse().ok();
        let class = class.or_else(|| Class::from_http_status(self.status));
        Classification::new(class.unwrap_or(Class::Unknown), &self.code)
    }
}

impl Problem {
    fn new(status: StatusCode, class: Class, code: &str, detail: String) -> Self {
        let body = ProblemBody {
            r#type: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail,
            class: class.as_str().to_owned(),
            code: code.to_owned(),
            trace_id: current_context().map(|context| context.trace_id.to_string()),
        };
        Self { status, body }
    }

    /// The request could not be read.
    pub(super) fn unreadable(status: StatusCode, detail: String) -> Self {
        Self::new(status, Class::InvalidArgument, "UNREADABLE", detail)
    }

    /// Nothing is at the path.
    pub(super) async fn no_such_path(uri: Uri) -> Self {
        let detail = format!("there is nothing at {}", uri.path());
        Self::new(
            StatusCode::NOT_FOUND,
            Class::NotFound,
            "NO_SUCH_PATH",
            detail,
        )
    }

    /// Something is at the path, but cannot do this.
    pub(super) async fn no_such_method(method: Method, uri: Uri) -> Self {
        let detail = format!("{method} is not for {}", uri.path());
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new(status, Class::Unimplemented, "NO_SUCH_METHOD", detail)
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let meaning = error.classify();
        let status = StatusCode::from_u16(meaning.class.http_status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // what is wrong with the database is nobody's business outside
        let detail = match &error {
            ServiceError::Storage(failure) => {
                error!(
                    error = failure as &(dyn std::error::Error + 'static),
                    "a request was not carried out"
                );
                "the database failed".to_owned()
            }
            error => error.to_string(),
        };
        Self::new(status, meaning.class, meaning.code, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        let kind = header::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
