//! Certificates and keys, from wherever they are.

use super::config::Pem;
use super::error::OtlpConfigError;

/// The PEM text.
pub(super) fn read(setting: &'static str, pem: &Pem) -> Result<Vec<u8>, OtlpConfigError> {
    match pem {
        Pem::Bytes(bytes) => Ok(bytes.clone()),
        Pem::Path(path) => std::fs::read(path).map_err(|error| {
            OtlpConfigError::new(
                setting,
                format!("cannot be read from `{}`: {error}", path.display()),
            )
        }),
    }
}

#[cfg(feature = "otlp-http")]
pub(super) fn no_such_item(setting: &'static str, item: &str) -> OtlpConfigError {
    OtlpConfigError::new(setting, format!("holds no {item} in PEM form"))
}
