//! Values that are used and never shown.

use std::fmt;

use super::{Capture, Debug, Display, Sink};

/// What stands where a secret would be shown.
pub(crate) const REDACTED: &str = "[redacted]";

/// A value that no annotation records, and that prints as `[redacted]` wherever it is printed.
///
/// `fields(token)`, `fields(%token)`, `set_attributes!(t = ?token)`, `event!("e", token)`, a label:
/// each is a compile error that says so. A type that holds one can derive `Debug` and be captured
/// with `?`; the secret in it then reads `[redacted]`. What is done with [`expose`](Self::expose) is
/// up to the program.
///
/// ```
/// use otel_runtime::{Secret, traced};
///
/// #[derive(Debug)]
/// struct Login {
///     user: String,
///     password: Secret<String>,
/// }
///
/// #[traced(args(?login))]
/// fn log_in(login: &Login) -> bool {
///     login.password.expose() == "hunter2"
/// }
///
/// let login = Login { user: "ada".into(), password: Secret::new("hunter2".into()) };
/// assert!(log_in(&login));
/// assert_eq!(format!("{login:?}"), r#"Login { user: "ada", password: [redacted] }"#);
/// assert_eq!(login.password.to_string(), "[redacted]");
/// ```
///
/// It costs what the value costs. There is no `PartialEq`: comparing secrets takes a comparison in
/// constant time, on what is exposed. Nor is memory overwritten on drop, which a wrapper can only
/// do for types that know how: `Secret<zeroize::Zeroizing<String>>` does.
///
/// ```compile_fail
/// # use otel_runtime::{Secret, traced};
/// #[traced(args(token))]
/// fn call(token: &Secret<String>) {}
/// ```
#[derive(Clone, Copy, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// The value is a secret from here on.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, to be used.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value, to be changed.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// The value, a secret no longer.
    pub fn into_exposed(self) -> T {
        self.0
    }

    /// What is made of a secret is one as well.
    ///
    /// ```
    /// use otel_runtime::Secret;
    ///
    /// let header = Secret::new("abc").map(|token| format!("Bearer {token}"));
    /// assert_eq!(header.expose(), "Bearer abc");
    /// ```
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Secret<U> {
        Secret(make(self.0))
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(REDACTED)
    }
}

/// What nothing implements: asking for it is how a secret says no.
#[diagnostic::on_unimplemented(
    message = "a `Secret` is never recorded",
    label = "this is a secret",
    note = "leave it out, or record something about it that is none, such as its length: `secret.expose().len()`"
)]
pub trait Disclosed {}

/// What a secret holds. The compiler tells what [`Disclosed`] says of a type of its own alone: of the
/// secret itself it would tell what [`Capture`] says.
#[derive(Debug)]
pub struct Hidden<T>(std::marker::PhantomData<T>);

impl<T> Capture for Secret<T>
where
    Hidden<T>: Disclosed,
{
    fn capture(&self, _: &mut Sink<'_>) {}
}

/// What is formatted for a `%` or `?` in generated code, and may be a secret.
///
/// [`checked`](Self::checked) is found here if it is one, and then asks for the impossible. Of
/// everything else it is found a dereference away.
#[derive(Debug)]
pub struct Formatted<C>(Passed<C>);

/// What is no secret by itself.
#[derive(Debug)]
pub struct Passed<C>(C);

/// What `%value` in generated code stands for.
#[inline]
pub const fn display<T: ?Sized>(value: &T) -> Formatted<Display<'_, T>> {
    Formatted(Passed(Display(value)))
}

/// What `?value` in generated code stands for.
#[inline]
pub const fn debug<T: ?Sized>(value: &T) -> Formatted<Debug<'_, T>> {
    Formatted(Passed(Debug(value)))
}

impl<C: IsSecret> Formatted<C> {
    /// Never: it is a secret.
    pub const fn checked(&self) -> &C
    where
        C: Disclosed,
    {
        &self.0.0
    }
}

impl<C> Passed<C> {
    /// What is captured.
    #[inline]
    pub const fn checked(&self) -> &C {
        &self.0
    }
}

impl<C> std::ops::Deref for Formatted<C> {
    type Target = Passed<C>;

    #[inline]
    fn deref(&self) -> &Passed<C> {
        &self.0
    }
}

/// Secrets, and what only leads to one.
pub trait IsSecret {}

impl<T> IsSecret for Secret<T> {}

macro_rules! leads {
    ($($wrapper:ty)*) => {$(
        impl<T: IsSecret + ?Sized> IsSecret for $wrapper {}
    )*};
}

leads!(Display<'_, T> Debug<'_, T> &T &mut T Box<T> std::rc::Rc<T> std::sync::Arc<T>);

impl<T: IsSecret> IsSecret for Option<T> {}
impl<T: IsSecret> IsSecret for [T] {}
impl<T: IsSecret> IsSecret for Vec<T> {}
impl<T: IsSecret, const N: usize> IsSecret for [T; N] {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_redacted_wherever_it_is() {
        #[derive(Debug, Clone, Default)]
        #[allow(dead_code, reason = "they are printed")]
        struct Holder(Secret<String>, Option<Secret<u64>>);

        let holder = Holder(Secret::new("hunter2".into()), Some(7.into()));
        assert_eq!(
            format!("{holder:?} {:#?}", holder.1.unwrap()),
            "Holder([redacted], Some([redacted])) [redacted]"
        );
        assert_eq!(
            format!("{:>12}|{}", holder.0, holder.0.expose()),
            "  [redacted]|hunter2"
        );
    }

    #[test]
    fn what_is_no_secret_passes_the_check() {
        let (mut slot, mut bytes) = (super::super::Slot::EMPTY, Vec::new());
        let mut sink = Sink::new(0, &mut slot, &mut bytes, 64);
        display("shown").checked().capture(&mut sink);
        assert!(bytes.windows(5).any(|text| text == b"shown"));
        fn generic<T: fmt::Debug>(value: &T) -> String {
            format!("{:?}", debug(value).checked())
        }
        assert_eq!(generic(&Secret::new(7)), REDACTED);
        assert_eq!(generic(&7), "7");
    }
}
