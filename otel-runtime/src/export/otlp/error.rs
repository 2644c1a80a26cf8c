//! What is wrong with a setting.

use std::error::Error;
use std::fmt;

/// A setting has a value it cannot have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtlpConfigError {
    setting: &'static str,
    value: Option<String>,
    problem: String,
}

impl OtlpConfigError {
    pub(super) fn new(setting: &'static str, problem: impl Into<String>) -> Self {
        Self {
            setting,
            value: None,
            problem: problem.into(),
        }
    }

    /// The value that the setting cannot have; never a secret.
    pub(super) fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The setting's name: that of the method or field that sets it.
    #[must_use]
    pub const fn setting(&self) -> &'static str {
        self.setting
    }

    /// The value it cannot have, unless that may be a secret.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// What is wrong with it, and what would be right.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for OtlpConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "`{}` cannot be `{value}`: ", self.setting)?,
            None => write!(f, "`{}` ", self.setting)?,
        }
        f.write_str(&self.problem)
    }
}

impl Error for OtlpConfigError {}
