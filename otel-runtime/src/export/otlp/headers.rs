//! The user's headers, as both transports take them.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::config::OtlpConfig;
use super::error::OtlpConfigError;

/// Marked as sensitive, so that no library on the way prints their values.
pub(super) fn headers(config: &OtlpConfig) -> Result<HeaderMap, OtlpConfigError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &config.headers {
        let invalid = || OtlpConfigError::new("header", format!("`{name}` is not valid"));
        let mut value = HeaderValue::from_str(value).map_err(|_| invalid())?;
        value.set_sensitive(true);
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
        headers.insert(name, value);
    }
    Ok(headers)
}
