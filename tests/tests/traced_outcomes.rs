//! How an annotated call ended, as its span tells.

use std::error::Error;
use std::fmt;
use std::future::pending;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use otel_runtime::testing::Capture;
use otel_runtime::traced;

fn run<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

#[derive(Debug)]
struct Outer(Inner);

#[derive(Debug)]
struct Inner;

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outer failed")
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("inner failed")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

impl Error for Inner {}

#[traced]
fn fallible(fails: bool) -> Result<u8, Outer> {
    if fails {
        return Err(Outer(Inner));
    }
    Ok(1)
}

#[traced]
fn by_question_mark() -> Result<u8, Box<dyn Error>> {
    fallible(true)?;
    Ok(1)
}

#[traced]
async fn asynchronous(fails: bool) -> Result<u8, Outer> {
    fallible(fails)
}

#[traced]
fn returned() -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send>> {
    Box::pin(async { Err("text".to_owned()) })
}

#[track_caller]
#[traced]
fn tracked(way: u8) -> Result<u8, Box<dyn Error>> {
    let closure = || -> Option<u8> { None? };
    match way {
        0 => return Ok(closure().unwrap_or_default()),
        1 => return Err(Outer(Inner).into()),
        2 => Err(Outer(Inner))?,
        3 => Ok([Err::<u8, _>(Outer(Inner))]
            .into_iter()
            .sum::<Result<u8, Outer>>()?),
        4 => Err(Outer(Inner).into()),
        _ => Ok(1),
    }
}

#[track_caller]
#[traced(ok_if = |error| matches!(error, Outer(Inner)))]
fn tracked_and_accepted(way: u8) -> Result<u8, Outer> {
    match way {
        0 => return Err(Outer(Inner)),
        1 => fallible(true),
        _ => Ok(fallible(true)?),
    }
}

#[track_caller]
#[traced]
fn tracked_in_a_macro(fails: bool) -> Result<Vec<u8>, Outer> {
    if fails {
        Ok(vec![fallible(true)?])
    } else {
        Ok(vec![fallible(false)?])
    }
}

#[traced]
fn option() -> Option<u8> {
    None
}

#[traced(none = error)]
fn none_is_an_error() -> Option<u8> {
    None
}

#[traced(err = |error| format!("mapped: {error}"))]
fn mapped() -> Result<u8, Outer> {
    Err(Outer(Inner))
}

#[traced(ok_if = |error| matches!(error, Outer(Inner)))]
fn accepted() -> Result<u8, Outer> {
    Err(Outer(Inner))
}

#[traced(expected = |_| true)]
fn expected() -> Result<u8, Outer> {
    Err(Outer(Inner))
}

#[traced]
async fn never_ready() {
    pending().await
}

#[traced]
fn panics() {
    panic!("on purpose")
}

#[traced]
async fn panics_later() {
    panic!("on purpose")
}

/// The tree without attributes: name and outcome.
fn outcomes(work: impl FnOnce()) -> Vec<(String, String)> {
    let capture = Capture::start();
    work();
    let spans = capture.finish();
    spans
        .iter()
        .map(|span| (span.name.to_string(), format!("{:?}", span.outcome)))
        .collect()
}

fn assert_outcomes(work: impl FnOnce(), expected: &[(&str, &str)]) {
    let found = outcomes(work);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(name, outcome)| (&**name, &**outcome))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_returned_error_is_an_error_however_it_is_returned() {
    assert_outcomes(|| ignore(fallible(false)), &[("fallible", "Ok")]);
    assert_outcomes(|| ignore(fallible(true)), &[("fallible", "Error")]);
    assert_outcomes(
        || ignore(by_question_mark()),
        &[("by_question_mark", "Error"), ("fallible", "Error")],
    );
    assert_outcomes(
        || ignore(run(asynchronous(true))),
        &[("asynchronous", "Error"), ("fallible", "Error")],
    );
    assert_outcomes(
        || ignore(run(asynchronous(false))),
        &[("asynchronous", "Ok"), ("fallible", "Ok")],
    );
    assert_outcomes(|| ignore(run(returned())), &[("returned", "Error")]);
}

#[test]
fn a_function_that_tracks_its_caller_fails_as_others_do() {
    assert_outcomes(|| ignore(tracked(0)), &[("tracked", "Ok")]);
    for way in 1..5 {
        let capture = Capture::start();
        let _ = tracked(way);
        let told = format!("{:?}", capture.finish().named("tracked"));
        for part in [
            "Error",
            "dyn core::error::Error",
            "outer failed",
            "inner failed",
        ] {
            assert!(told.contains(part), "{way}: no {part} in {told}");
        }
    }
    assert_outcomes(|| ignore(tracked(5)), &[("tracked", "Ok")]);
    for way in 0..3 {
        let found = outcomes(|| ignore(tracked_and_accepted(way)));
        assert_eq!(found[0].1, "Ok", "{way}");
    }
}

#[test]
fn an_error_that_leaves_a_macro_unseen_is_an_error_without_a_message() {
    for (fails, outcome) in [(true, "Error"), (false, "Ok")] {
        let found = outcomes(|| ignore(tracked_in_a_macro(fails)));
        assert_eq!(found[0], ("tracked_in_a_macro".into(), outcome.into()));
    }
}

#[test]
fn options_decide_what_an_error_is() {
    assert_outcomes(|| ignore(option()), &[("option", "Ok")]);
    assert_outcomes(
        || ignore(none_is_an_error()),
        &[("none_is_an_error", "Error")],
    );
    assert_outcomes(|| ignore(mapped()), &[("mapped", "Error")]);
    assert_outcomes(|| ignore(accepted()), &[("accepted", "Ok")]);
    assert_outcomes(|| ignore(expected()), &[("expected", "Ok")]);
}

#[test]
fn an_error_tells_its_type_message_and_causes() {
    let capture = Capture::start();
    let _ = fallible(true);
    let _ = mapped();
    let spans = capture.finish();
    let told = format!("{:?}", spans.named("fallible"));
    for part in ["traced_outcomes::Outer", "outer failed", "inner failed"] {
        assert!(told.contains(part), "no {part} in {told}");
    }
    let told = format!("{:?}", spans.named("mapped"));
    assert!(told.contains("mapped: outer failed"), "{told}");
}

#[test]
fn a_future_that_is_dropped_is_cancelled_and_one_that_never_ran_is_nothing() {
    assert_outcomes(
        || ignore(run(never_ready())),
        &[("never_ready", "Cancelled")],
    );
    assert_outcomes(|| ignore(never_ready()), &[]);
}

#[test]
fn a_panic_is_an_outcome_and_goes_on() {
    let caught = |work: fn()| {
        move || {
            std::panic::catch_unwind(work).unwrap_err();
        }
    };
    assert_outcomes(caught(panics), &[("panics", "Panicked")]);
    assert_outcomes(
        caught(|| ignore(run(panics_later()))),
        &[("panics_later", "Panicked")],
    );
}

/// Takes a result that only the span tells of.
fn ignore<T>(_: T) {}
