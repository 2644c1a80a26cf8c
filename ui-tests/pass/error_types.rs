//! Errors that tell a lot about themselves, and errors that tell nothing.

use std::error::Error;
use std::fmt;

use otel_runtime::traced;

struct Opaque;

#[derive(Debug)]
struct OnlyDebug;

struct OnlyDisplay;

impl fmt::Display for OnlyDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shown")
    }
}

/// As `anyhow::Error`: no `Error` itself.
struct Report(Box<dyn Error + Send + Sync>);

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl AsRef<dyn Error + Send + Sync> for Report {
    fn as_ref(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl AsRef<dyn Error> for Report {
    fn as_ref(&self) -> &(dyn Error + 'static) {
        &*self.0
    }
}

#[traced]
fn error() -> Result<(), fmt::Error> {
    Err(fmt::Error)
}

#[traced]
fn boxed() -> Result<(), Box<dyn Error>> {
    Err("x".into())
}

#[traced]
fn boxed_send() -> Result<(), Box<dyn Error + Send + Sync>> {
    Err("x".into())
}

#[traced]
fn report() -> Result<(), Report> {
    Err(Report("x".into()))
}

#[traced]
fn only_display() -> Result<(), OnlyDisplay> {
    Err(OnlyDisplay)
}

#[traced]
fn only_debug() -> Result<(), OnlyDebug> {
    Err(OnlyDebug)
}

#[traced]
fn opaque() -> Result<(), Opaque> {
    Err(Opaque)
}

#[traced]
fn text() -> Result<(), &'static str> {
    Err("x")
}

#[traced]
fn generic<E>(error: E) -> Result<(), E> {
    Err(error)
}

#[traced]
fn borrowed<'a>(text: &'a str) -> Result<(), Borrowed<'a>> {
    Err(Borrowed(text))
}

#[derive(Debug)]
struct Borrowed<'a>(#[allow(dead_code)] &'a str);

impl fmt::Display for Borrowed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("borrowed")
    }
}

impl Error for Borrowed<'_> {}

/// Ends in `Result` but is none.
struct TestResult;

#[traced]
fn no_result() -> TestResult {
    TestResult
}

fn main() {
    assert!(error().is_err());
    assert!(boxed().is_err());
    assert!(boxed_send().is_err());
    assert!(report().is_err());
    assert!(only_display().is_err());
    assert!(only_debug().is_err());
    assert!(opaque().is_err());
    assert!(text().is_err());
    assert!(generic(1).is_err());
    assert!(borrowed("a").is_err());
    no_result();
}
