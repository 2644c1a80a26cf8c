//! Values that become what the function returns only because it says so.

use std::error::Error;
use std::fmt::Display;
use std::sync::Arc;

use otel_runtime::traced;

#[traced]
async fn slice(flag: bool) -> Box<[u8]> {
    if flag {
        return Box::new([1]);
    }
    Box::new([1, 2])
}

#[traced]
async fn object() -> Result<Arc<dyn Display + Send + Sync>, Box<dyn Error + Send + Sync>> {
    let number: u32 = "1".parse()?;
    if number > 1 {
        return Err(Box::new(std::fmt::Error));
    }
    Ok(Arc::new(number))
}

#[traced]
fn function(flag: bool) -> Result<fn(u32) -> u32, &'static str> {
    fn one(_: u32) -> u32 {
        1
    }
    if flag {
        return Ok(one);
    }
    Ok(|a| a + 1)
}

#[traced]
async fn inferred() -> Result<Vec<u32>, std::num::ParseIntError> {
    let numbers = ["1", "2"].into_iter().map(str::parse).collect::<Result<_, _>>()?;
    Ok(numbers)
}

#[traced]
async fn default_of_nothing() -> Vec<String> {
    Default::default()
}

#[traced]
async fn reborrow(a: &mut Vec<u8>) -> &mut [u8] {
    a
}

#[traced]
fn reborrow_of_result(a: &mut Vec<u8>) -> Result<&mut [u8], ()> {
    Ok(a)
}

#[traced]
async fn into() -> String {
    "a".into()
}

fn main() {
    let _ = (slice(true), object(), inferred(), default_of_nothing(), into());
    assert_eq!(function(false).unwrap()(1), 2);
    let mut bytes = vec![];
    let _ = reborrow(&mut bytes);
    assert_eq!(reborrow_of_result(&mut bytes).unwrap().len(), 0);
}
