//! Log records as lines, in the one form or the other.

use super::json::JsonLines;
use super::readable::ReadableLines;
use crate::export::delivery::batcher::Bundle;
use crate::export::log_view::LogView;
use crate::resource::Resource;
use crate::stats::Signal;

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineForm {
    /// One JSON object.
    Json,
    /// For people.
    Readable {
        /// With colours, as terminals understand them.
        color: bool,
    },
}

/// Writes log records as lines.
///
/// Whatever a record holds, it becomes one line, and the line cannot do harm to a terminal: control
/// characters are escaped, also those that change the direction of writing.
///
/// ```
/// use otel_runtime::Resource;
/// use otel_runtime::export::LogView;
/// use otel_runtime::export::lines::{LineEncoder, LineForm};
///
/// /// What a test compares, say.
/// fn line(log: &LogView<'_>) -> Vec<u8> {
///     let mut line = Vec::new();
///     LineEncoder::new(LineForm::Json, &Resource::default()).put(&mut line, log);
///     line
/// }
/// ```
#[derive(Debug)]
pub struct LineEncoder {
    form: Form,
}

#[derive(Debug)]
enum Form {
    Json(JsonLines),
    Readable(ReadableLines),
}

impl LineEncoder {
    /// Writes the records of `resource`; the names of its service stand in each line of JSON.
    #[must_use]
    pub fn new(form: LineForm, resource: &Resource) -> Self {
        let form = match form {
            LineForm::Json => Form::Json(JsonLines::new(resource)),
            LineForm::Readable { color } => Form::Readable(ReadableLines::new(color)),
        };
        Self { form }
    }

    /// Appends the record to `out`, with a line break at its end. Allocates only while `out` grows.
    #[inline]
    pub fn put(&mut self, out: &mut Vec<u8>, log: &LogView<'_>) {
        match &mut self.form {
            Form::Json(lines) => lines.put(out, log),
            Form::Readable(lines) => lines.put(out, log),
        }
    }
}

/// Lines that wait to be written together.
#[derive(Debug)]
pub(super) struct Lines {
    encoder: LineEncoder,
    text: Vec<u8>,
    records: u64,
}

impl Lines {
    pub(super) const fn new(encoder: LineEncoder) -> Self {
        Self {
            encoder,
            text: Vec::new(),
            records: 0,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, log: &LogView<'_>) {
        self.encoder.put(&mut self.text, log);
        self.records += 1;
    }
}

impl Bundle for Lines {
    const SIGNAL: Signal = Signal::Logs;

    #[inline]
    fn items(&self) -> u64 {
        self.records
    }

    #[inline]
    fn bytes(&self) -> usize {
        self.text.len()
    }

    fn finish_into(&mut self, body: &mut Vec<u8>) -> u64 {
        body.clear();
        std::mem::swap(body, &mut self.text);
        std::mem::take(&mut self.records)
    }
}
