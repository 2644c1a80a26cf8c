//! Values that are recorded as `Display` writes them, and are there for that alone.

use std::fmt::Display;

use otel_runtime::value::{Capture, Sink};

pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Display> Capture for Shown<T> {
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.display(&self.0);
    }
}
