//! Free functions of every form.

use otel_runtime::traced;

#[traced]
fn nothing() {}

#[traced]
fn plain(a: u32, b: &str) -> usize {
    b.len() + a as usize
}

#[traced]
fn generic<T: Clone, const N: usize>(value: &[T; N]) -> Vec<T>
where
    T: PartialEq,
{
    value.to_vec()
}

#[traced]
fn argument_impl(values: impl Iterator<Item = u32>) -> u32 {
    values.sum()
}

#[traced]
fn return_impl<'a>(text: &'a str) -> impl Iterator<Item = char> + use<'a> {
    text.chars()
}

#[traced]
fn elided(text: &str) -> &str {
    &text[1..]
}

#[traced]
fn named<'a, 'b: 'a>(first: &'a str, _second: &'b str) -> &'a str {
    first
}

#[traced]
fn fallible(text: &str) -> Result<u32, std::num::ParseIntError> {
    if text.is_empty() {
        return Ok(0);
    }
    let number: u32 = text.parse()?;
    Ok(number)
}

#[traced]
fn fallible_borrow(numbers: &mut Vec<u32>) -> Result<&mut u32, String> {
    numbers.first_mut().ok_or_else(|| "empty".into())
}

#[traced]
fn fallible_impl(text: &str) -> Result<impl Iterator<Item = char> + '_, std::fmt::Error> {
    Ok(text.chars())
}

#[traced]
fn boxed(flag: bool) -> Result<Box<dyn Fn(u32) -> u32>, Box<dyn std::error::Error>> {
    if flag {
        return Err("no".into());
    }
    Ok(Box::new(move |a| a + 1))
}

#[traced]
unsafe fn not_safe(pointer: *const u32) -> Result<u32, ()> {
    // SAFETY: the caller promises.
    Ok(unsafe { *pointer })
}

#[traced]
extern "C" fn foreign(a: i32) -> i32 {
    a
}

#[traced]
unsafe extern "C" fn foreign_unsafe(a: i32) -> i32 {
    a
}

#[must_use]
#[inline]
#[traced]
pub fn attributes() -> u32 {
    1
}

#[traced]
fn recursive(n: u32) -> u32 {
    if n == 0 { 0 } else { 1 + recursive(n - 1) }
}

#[traced]
fn recursive_result(n: u32) -> Result<u32, String> {
    Ok(if n == 0 { 0 } else { 1 + recursive_result(n - 1)? })
}

#[traced]
fn patterns((a, b): (u32, String), [c, ..]: [String; 2], _: String) -> Result<String, ()> {
    Ok(format!("{a}{b}{c}"))
}

#[traced]
fn option(a: Option<u32>) -> Option<u32> {
    Some(a? + 1)
}

#[traced]
fn never_returns() -> ! {
    std::process::exit(0)
}

fn main() {
    nothing();
    assert_eq!(plain(1, "ab"), 3);
    assert_eq!(generic(&[1, 2]), [1, 2]);
    assert_eq!(argument_impl([1, 2].into_iter()), 3);
    assert_eq!(return_impl("ab").count(), 2);
    assert_eq!(elided("ab"), "b");
    assert_eq!(named("a", "b"), "a");
    assert_eq!(fallible("12"), Ok(12));
    assert!(fallible("x").is_err());
    let mut numbers = vec![1];
    *fallible_borrow(&mut numbers).unwrap() += 1;
    assert_eq!(fallible_impl("ab").unwrap().count(), 2);
    assert_eq!(boxed(false).unwrap()(1), 2);
    assert!(boxed(true).is_err());
    // SAFETY: a reference is valid.
    assert_eq!(unsafe { not_safe(&5) }, Ok(5));
    assert_eq!(foreign(1), 1);
    // SAFETY: it does nothing.
    assert_eq!(unsafe { foreign_unsafe(1) }, 1);
    assert_eq!(attributes(), 1);
    assert_eq!(recursive(10), 10);
    assert_eq!(recursive_result(10), Ok(10));
    let texts = ["c".to_owned(), "d".to_owned()];
    assert_eq!(patterns((1, "b".into()), texts, String::new()).unwrap(), "1bc");
    assert_eq!(option(Some(1)), Some(2));
    never_returns()
}
