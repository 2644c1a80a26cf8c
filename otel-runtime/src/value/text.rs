//! Text that is formatted straight into the thread's bytes.

use std::fmt::{self, Write};

use super::sink::cut;
use super::{Capture, Sink};

/// Captures a value as `{}` formats it; what `%value` in an annotation stands for.
///
/// ```
/// use otel_runtime::value::{Display, Slot, Sink, Capture};
///
/// let (mut slot, mut bytes) = (Slot::EMPTY, Vec::new());
/// Display(&std::net::Ipv4Addr::LOCALHOST).capture(&mut Sink::new(0, &mut slot, &mut bytes, 64));
/// assert!(slot.is_empty() && bytes.len() == 32);
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
/// assert!(slot.is_empty() && bytes.len() == 32);
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

/// Writes text up to a limit, then fails, which ends the formatting.
pub(super) struct Bounded<'a> {
    bytes: &'a mut Vec<u8>,
    /// In characters.
    room: usize,
    is_cut: bool,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(bytes: &'a mut Vec<u8>, limit_chars: usize) -> Self {
        Self {
            bytes,
            room: limit_chars,
            is_cut: false,
        }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

impl Write for Bounded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.is_cut {
            return Err(fmt::Error); // an implementation that goes on after the first error
        }
        let kept = cut(text, self.room);
        self.bytes.extend_from_slice(kept.as_bytes());
        self.room -= kept.chars().count();
        self.is_cut = kept.len() != text.len();
        if self.is_cut {
            return Err(fmt::Error);
        }
        Ok(())
    }
}
