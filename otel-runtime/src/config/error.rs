//! What is wrong with a configuration: every problem at once, each with its way out.

use std::error::Error;
use std::fmt;

/// A configuration that cannot be used. It holds every problem, not the first.
///
/// ```
/// use otel_runtime::Config;
///
/// let error = Config::from_vars([
///     ("OTEL_TRACES_SAMPLER", "always_no"),
///     ("OTEL_SPAN_EVENT_COUNT_LIMIT", "many"),
/// ])
/// .unwrap_err();
/// assert_eq!(error.problems().len(), 2);
/// let first = &error.problems()[0];
/// assert_eq!(first.key(), "OTEL_TRACES_SAMPLER");
/// assert_eq!(first.value(), Some("always_no"));
/// assert_eq!(first.nearest(), Some("always_on"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<ConfigProblem>,
}

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    key: String,
    value: Option<String>,
    reason: String,
    nearest: Option<String>,
}

impl ConfigError {
    pub(crate) fn new(problems: Vec<ConfigProblem>) -> Self {
        Self { problems }
    }

    /// Everything that is wrong; at least one problem.
    #[must_use]
    pub fn problems(&self) -> &[ConfigProblem] {
        &self.problems
    }
}

impl ConfigProblem {
    /// `reason` says what is wrong and what is allowed.
    pub(crate) fn new(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: None,
            reason: reason.into(),
            nearest: None,
        }
    }

    /// The value found; never a secret.
    pub(crate) fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    pub(crate) fn with_nearest(mut self, nearest: Option<impl Into<String>>) -> Self {
        self.nearest = nearest.map(Into::into);
        self
    }

    /// The environment variable, or the method of [`Config`](crate::Config).
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value found, with secrets replaced by `***`.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// What is wrong, and what is allowed.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The valid choice that looks most like the one found, if any does.
    #[must_use]
    pub fn nearest(&self) -> Option<&str> {
        self.nearest.as_deref()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [problem] = &*self.problems {
            return write!(f, "wrong configuration: {problem}");
        }
        write!(f, "wrong configuration, {} problems:", self.problems.len())?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

/// As it is displayed: this is what a `main` that returns the error prints.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ConfigError {}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if let Some(value) = &self.value {
            write!(f, "=`{}`", value.escape_debug())?;
        }
        write!(f, ": {}", self.reason)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_problem_is_one_line_and_more_are_a_list() {
        let problem = ConfigProblem::new("KEY", "expected `a` or `b`")
            .with_value("c\n")
            .with_nearest(Some("a"));
        let line = r"KEY=`c\n`: expected `a` or `b`; did you mean `a`?";
        let one = ConfigError::new(vec![problem.clone()]);
        assert_eq!(one.to_string(), format!("wrong configuration: {line}"));
        assert_eq!(format!("{one:?}"), one.to_string());
        let two = ConfigError::new(vec![problem.clone(), problem]);
        assert_eq!(
            two.to_string(),
            format!("wrong configuration, 2 problems:\n  {line}\n  {line}")
        );
    }
}
