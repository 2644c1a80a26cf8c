//! What `%` and `?` before a value stand for.

use std::fmt;

use super::{Capture, Sink};

/// Captures a value as `{}` formats it; what `%value` in an annotation stands for.
///
/// ```
/// use otel_runtime::value::{Display, Slot, Sink, Capture};
///
/// let (mut slot, mut bytes) = (Slot::EMPTY, Vec::new());
/// Display(&std::net::Ipv4Addr::LOCALHOST).capture(&mut Sink::new(0, &mut slot, &mut bytes, 64));
/// assert!(slot.is_empty() && bytes.len() == 24);
/// ```
#[derive(Clone, Copy)]
pub struct Display<'a, T: ?Sized>(pub &'a T);

/// Captures a value as `{:?}` formats it; what `?value` in an annotation stands for.
///
/// ```
/// use otel_runtime::value::{Capture, Debug, Sink, Slot};
///
/// let (mut slot, mut bytes) = (Slot::EMPTY, Vec::new());
/// Debug(&[Some(1), None]).capture(&mut Sink::new(0, &mut slot, &mut bytes, 64));
/// assert!(slot.is_empty() && bytes.len() == 24);
/// ```
#[derive(Clone, Copy)]
pub struct Debug<'a, T: ?Sized>(pub &'a T);

impl<T: fmt::Display + ?Sized> Capture for Display<'_, T> {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.format(format_args!("{}", self.0));
    }
}

impl<T: fmt::Debug + ?Sized> Capture for Debug<'_, T> {
    #[inline]
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.format(format_args!("{:?}", self.0));
    }
}

impl<T: fmt::Display + ?Sized> fmt::Debug for Display<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0, f)
    }
}

impl<T: fmt::Debug + ?Sized> fmt::Debug for Debug<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}
