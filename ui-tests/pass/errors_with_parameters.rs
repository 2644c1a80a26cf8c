//! Errors that are errors only without borrowed parts.

use std::any::Any;
use std::error::Error;
use std::fmt;

use otel_runtime::traced;

#[derive(Debug, PartialEq)]
struct Full<T>(T);

impl<T> fmt::Display for Full<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("full")
    }
}

impl<T: Any + fmt::Debug> Error for Full<T> {}

#[traced]
fn generic<T: fmt::Debug>(value: T) -> Result<(), Full<T>> {
    Err(Full(value))
}

#[traced]
fn borrowed<'a>(text: &'a str) -> Result<(), Full<&'a str>> {
    generic(text)?;
    Ok(())
}

#[traced]
async fn elided(text: &str) -> Result<(), Full<&str>> {
    generic(text)
}

#[traced(ok_if = |error| error.0.is_empty())]
fn options(text: &str) -> Result<(), Full<&str>> {
    generic(text)
}

struct Name<'a>(&'a str);

impl<'a> TryFrom<&'a str> for Name<'a> {
    type Error = Full<&'a str>;

    #[traced]
    fn try_from(text: &'a str) -> Result<Self, Self::Error> {
        generic(text)?;
        Ok(Self(text))
    }
}

#[traced]
fn boxed<'a>(error: Box<dyn Error + 'a>) -> Result<(), Box<dyn Error + 'a>> {
    Err(error)
}

#[traced(err)]
fn asked_for() -> Result<(), Full<String>> {
    Err(Full(String::new()))
}

fn main() {
    assert!(generic(1).is_err());
    assert!(borrowed("a").is_err());
    let _ = elided("a");
    assert!(options("a").is_err());
    assert!(Name::try_from("a").map(|name| name.0).is_err());
    let text = String::from("a");
    assert!(boxed(Box::new(Full(1))).is_err() && !text.is_empty());
    assert!(asked_for().is_err());
}
