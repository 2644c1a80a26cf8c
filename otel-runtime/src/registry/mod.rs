//! What is known of the program before `main`: Sites, error types, instruments.
//!
//! Each is a `static` on a list of its kind. The loader of the operating system calls a function
//! for each of them when it loads the program, or a library later; the function puts the `static`
//! on the list. Nothing is ever taken off: a library with such statics is not to be unloaded.

pub(crate) mod constructor;
#[allow(unsafe_code)]
mod list;

pub(crate) use list::{Link, Linked, List};
