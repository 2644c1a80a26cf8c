//! Other attributes, before and after.

#![deny(missing_docs, unused_must_use)]
#![allow(unexpected_cfgs)]

use otel_runtime::traced;

/// Before.
#[traced]
/// After.
#[inline(always)]
#[cold]
#[deprecated(note = "old")]
#[doc(hidden)]
pub fn many() -> Result<(), ()> {
    #![allow(clippy::all)]
    #![allow(unused_variables)]
    let unused = 1;
    Ok(())
}

/// Exported.
#[unsafe(no_mangle)]
#[traced]
pub extern "C" fn exported(a: i32) -> i32 {
    #![allow(unused_mut)]
    let mut b = a;
    b
}

#[cfg_attr(all(), traced(fields(a)))]
async fn conditional(a: u32) {
    #![allow(unused)]
    let unused = a;
}

#[cfg_attr(any(), traced(nonsense))]
fn inactive() {}

#[traced]
#[cfg(any())]
fn removed() -> DoesNotExist {}

#[traced]
async fn conditional_argument(#[cfg(any())] a: DoesNotExist, #[cfg(all())] b: u32, #[allow(unused)] c: u32) -> Result<u32, ()> {
    Ok(b)
}

#[traced]
#[allow(deprecated)]
fn main() {
    many().unwrap();
    assert_eq!(exported(1), 1);
    let _ = (conditional(1), conditional_argument(1, 2));
    inactive();
}
