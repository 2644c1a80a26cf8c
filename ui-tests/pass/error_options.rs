//! `err`, `ok_if`, `expected`: what counts as an error, and what is recorded of it.

use std::fmt;

use otel_runtime::traced;

#[derive(Debug)]
enum Failure {
    NotFound,
    Code(u32),
}

impl Failure {
    fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }

    fn code(&self) -> String {
        format!("{self:?}")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failure {}

type Answer = Result<u32, Failure>;

#[traced(err)]
fn asked_for() -> Answer {
    Err(Failure::Code(1))
}

#[traced(err = |error| error.code())]
fn mapped() -> Result<u32, Failure> {
    Err(Failure::Code(1))
}

#[traced(err = Failure::code)]
fn mapped_by_path() -> Result<u32, Failure> {
    Err(Failure::Code(1))
}

#[traced(ok_if = |error| error.is_not_found())]
async fn accepted() -> Result<u32, Failure> {
    Err(Failure::NotFound)
}

#[traced(ok_if = Failure::is_not_found, expected = |e| matches!(e, Failure::Code(1)), err = |e: &Failure| e.to_string())]
fn all() -> Answer {
    Err(Failure::NotFound)
}

#[traced(err = |error| match error { Failure::Code(code) => *code, Failure::NotFound => 404 })]
fn number() -> Answer {
    Err(Failure::NotFound)
}

fn main() {
    assert!(asked_for().is_err());
    assert!(mapped().is_err());
    assert!(mapped_by_path().is_err());
    let _ = accepted();
    assert!(all().is_err());
    assert!(number().is_err());
}
