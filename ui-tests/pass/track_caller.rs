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

struct S;

impl S {
    #[track_caller]
    #[traced(ret)]
    fn method(&self) -> u32 {
        Location::caller().line()
    }
}

fn main() {
    assert_eq!(plain(), line!());
    assert_eq!(fallible("1"), Ok(line!()));
    assert!(fallible("x").is_err());
    assert_eq!(conditional(), Ok(line!()));
    assert_eq!(S.method(), line!());
}
