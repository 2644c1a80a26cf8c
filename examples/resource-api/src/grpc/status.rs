//! What an error is in gRPC.

use otel_runtime::class::Classify;
use tonic::metadata::MetadataValue;
use tonic::{Code, Status};

use crate::service::ServiceError;

/// The key under which an answer says which error it is, as in telemetry.
const CODE: &str = "error-code";

impl From<ServiceError> for Status {
    fn from(error: ServiceError) -> Self {
        let meaning = error.classify();
        // what is wrong with the database is nobody's business outside
        let message = match &error {
            ServiceError::Storage(_) => "the database failed".to_owned(),
            error => error.to_string(),
        };
        let mut status = Self::new(Code::from_i32(meaning.class.grpc_code()), message);
        if let Ok(code) = MetadataValue::try_from(meaning.code) {
            status.metadata_mut().insert(CODE, code);
        }
        status
    }
}
