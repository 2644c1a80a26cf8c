//! `#[track_caller]`: the location is the caller's.

use std::panic::Location;

use otel_runtime::traced;

#[track_caller]
#[traced]
fn plain() -> u32 {
    Location::caller().line()
}

#[traced]
#[track_caller]
fn fallible(text: &str) -> Result<u32, std::num::ParseIntError> {
    let _: u32 = text.parse()?;
    Ok(Location::caller().line())
}

#[cfg_attr(all(), track_caller)]
#[traced]
fn conditional() -> Result<u32, ()> {
    if false {
        return Err(());
    }
    Ok(Location::caller().line())
}

/// An error that knows where it was converted.
#[derive(Debug, PartialEq)]
struct Located(u32);

impl<E: std::error::Error> From<E> for Located {
    #[track_caller]
    fn from(_: E) -> Self {
        Self(Location::caller().line())
    }
}

#[track_caller]
#[traced]
fn converted(text: &str, early: bool) -> Result<u32, Located> {
    if early {
        return Ok(Location::caller().line());
    }
    let number: u32 = [text].map(|text| text.parse::<u32>())[0].clone()?;
    let closures = |text: &str| -> Option<u32> { text.parse::<u8>().ok()?; Some(1) };
    let _ = closures("1");
    fn inner() -> Option<u8> {
        return None?;
    }
    let _ = inner();
    match number {
        | 0 | 1 if text.parse::<u32>()? == 1 => return Err(Located(Location::caller().line())),
        _ => loop {
            break Ok(text.parse::<u32>()?);
        },
    }
}

#[track_caller]
#[traced]
fn polled() -> Result<std::task::Poll<Option<u32>>, Located> {
    use std::task::Poll;
    let some: Poll<Option<Result<u32, std::num::ParseIntError>>> = Poll::Ready(Some("1".parse()));
    let ready: Poll<Result<u32, std::num::ParseIntError>> = Poll::Ready("1".parse());
    let _: Poll<u32> = ready?;
    Ok(some?)
}

type OptionResult = Option<u32>;

#[track_caller]
#[traced]
fn absent(text: Option<u32>) -> OptionResult {
    Some(text? + 1)
}

#[track_caller]
#[traced(ret(?))]
fn opaque(text: &str) -> Result<u32, impl std::fmt::Debug + use<>> {
    if text.is_empty() {
        return Err(text.parse::<u32>());
    }
    Ok(1)
}

#[track_caller]
#[traced]
fn in_macros(text: &str) -> Result<Vec<u32>, std::num::ParseIntError> {
    Ok(vec![text.parse()?])
}

struct S;

impl S {
    #[track_caller]
    #[traced(ret)]
    fn method(&self) -> u32 {
        Location::caller().line()
    }

    #[track_caller]
    #[traced(ok_if = |error| error.0 == self.limit())]
    fn fallible(&self, text: &str) -> Result<Self, Located> {
        text.parse::<u32>()?;
        Ok(Self)
    }

    fn limit(&self) -> u32 {
        1
    }
}

fn main() {
    assert_eq!(plain(), line!());
    assert_eq!(fallible("1"), Ok(line!()));
    assert!(fallible("x").is_err());
    assert_eq!(conditional(), Ok(line!()));
    assert_eq!(S.method(), line!());
    assert_eq!(S.fallible("x").err(), Some(Located(line!())));
    assert_eq!(converted("", true), Ok(line!()));
    assert_eq!(converted("x", false), Err(Located(line!())));
    assert_eq!(converted("1", false), Err(Located(line!())));
    assert_eq!(converted("7", false), Ok(7));
    assert!(polled().is_ok());
    assert_eq!((absent(None), absent(Some(1))), (None, Some(2)));
    assert!(opaque("").is_err());
    assert!(in_macros("x").is_err());
}
