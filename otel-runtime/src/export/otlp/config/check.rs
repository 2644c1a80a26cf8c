//! What settings are refused, and in which words.

use super::{OtlpConfig, Signal};
use crate::export::otlp::error::OtlpConfigError;

impl OtlpConfig {
    /// Checks every setting, without reading a file or opening a connection.
    ///
    /// # Errors
    /// Names the first setting whose value is not allowed.
    pub fn validate(&self) -> Result<(), OtlpConfigError> {
        self.target(Signal::Spans).map(|_| ())?;
        self.target(Signal::Points).map(|_| ())?;
        self.target(Signal::Logs).map(|_| ())?;
        for (name, value) in &self.headers {
            check_header(name, value)?;
        }
        if self.client_certificate.is_some() != self.client_key.is_some() {
            let (there, missing) = if self.client_key.is_some() {
                ("client_key", "client_certificate")
            } else {
                ("client_certificate", "client_key")
            };
            return Err(OtlpConfigError::new(
                missing,
                format!("is missing, but `{there}` is set: both are needed"),
            ));
        }
        let not_zero = [
            ("timeout", self.timeout.is_zero()),
            (
                "max_export_batch_size",
                self.batch.max_export_batch_size == 0,
            ),
            (
                "max_export_batch_bytes",
                self.batch.max_export_batch_bytes == 0,
            ),
            ("max_queue_bytes", self.batch.max_queue_bytes == 0),
        ];
        if let Some((setting, _)) = not_zero.into_iter().find(|(_, is_zero)| *is_zero) {
            return Err(OtlpConfigError::new(setting, "must be more than zero"));
        }
        if self.batch.max_export_batch_size > self.batch.max_queue_size {
            return Err(OtlpConfigError::new(
                "max_export_batch_size",
                format!(
                    "is `{}`, but must not exceed `max_queue_size`, which is `{}`",
                    self.batch.max_export_batch_size, self.batch.max_queue_size
                ),
            ));
        }
        if !(self.retry.multiplier >= 1.0 && self.retry.multiplier.is_finite()) {
            return Err(OtlpConfigError::new(
                "multiplier",
                format!(
                    "is `{}`, but must be a number from 1 upwards",
                    self.retry.multiplier
                ),
            ));
        }
        Ok(())
    }
}

/// Says what is wrong with a header without ever repeating its value.
fn check_header(name: &str, value: &str) -> Result<(), OtlpConfigError> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(OtlpConfigError::new(
            "header",
            format!("has the name `{name}`, but a name is ASCII letters, digits and `-`, `_`, `.`"),
        ));
    }
    let taken = [
        "content-type",
        "content-encoding",
        "content-length",
        "host",
        "te",
        "connection",
        "transfer-encoding",
    ];
    let reserved = taken
        .iter()
        .any(|reserved| name.eq_ignore_ascii_case(reserved))
        || name.to_ascii_lowercase().starts_with("grpc-");
    if reserved {
        return Err(OtlpConfigError::new(
            "header",
            format!("`{name}` is set by the exporter itself"),
        ));
    }
    if !value
        .bytes()
        .all(|byte| byte == b'\t' || (0x20..0x7f).contains(&byte))
    {
        return Err(OtlpConfigError::new(
            "header",
            format!("`{name}` has a value with characters other than printable ASCII"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::delivery::BatchConfig;
    use crate::export::otlp::config::{Pem, Protocol};
    use crate::export::otlp::retry::RetryConfig;

    fn problem(config: OtlpConfig) -> String {
        config.validate().unwrap_err().to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        for protocol in [Protocol::HttpProtobuf, Protocol::HttpJson, Protocol::Grpc] {
            assert_eq!(OtlpConfig::new().protocol(protocol).validate(), Ok(()));
        }
    }

    #[test]
    fn a_bad_header_is_named_but_its_value_is_not() {
        let text = problem(OtlpConfig::new().header("api key", "hunter2"));
        assert!(
            text.contains("`api key`") && !text.contains("hunter2"),
            "{text}"
        );
        let text = problem(OtlpConfig::new().header("x", "hunter2\n"));
        assert!(text.contains("`x`") && !text.contains("hunter2"), "{text}");
        let text = problem(OtlpConfig::new().header("Content-Type", "text/plain"));
        assert!(text.contains("Content-Type"), "{text}");
    }

    #[test]
    fn a_client_certificate_needs_its_key() {
        let text = problem(OtlpConfig::new().client_certificate(Pem::Bytes(Vec::new())));
        assert_eq!(
            text,
            "`client_key` is missing, but `client_certificate` is set: both are needed"
        );
    }

    #[test]
    fn zero_where_it_makes_no_sense_is_refused() {
        let batch = BatchConfig {
            max_export_batch_size: 0,
            ..BatchConfig::default()
        };
        assert!(problem(OtlpConfig::new().batch(batch)).contains("`max_export_batch_size`"));
        let retry = RetryConfig {
            multiplier: f64::NAN,
            ..RetryConfig::default()
        };
        assert!(problem(OtlpConfig::new().retry(retry)).contains("`NaN`"));
    }
}
