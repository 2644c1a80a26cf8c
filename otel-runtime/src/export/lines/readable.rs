//! A log record as a line for people.

use super::time::Timestamps;
use crate::export::digits::put_whole;
use crate::export::harmless::put_harmless;
use crate::export::json::{put, put_escaped};
use crate::export::log_view::LogView;
use crate::export::view::Value;
use crate::site::Level;

#[derive(Debug)]
pub(super) struct ReadableLines {
    time: Timestamps,
    color: bool,
}

const DIM: &str = "2";
const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const BLUE: &str = "34";
const CYAN: &str = "36";

impl ReadableLines {
    pub(super) fn new(color: bool) -> Self {
        Self {
            time: Timestamps::new(),
            color,
        }
    }

    /// Appends the record, and a line break.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, log: &LogView<'_>) {
        self.open(out, DIM);
        self.time.put(out, log.unix_ns, 6);
        self.close(out);
        out.push(b' ');
        let level = log.severity.level();
        self.open(out, color(level));
        put(out, format_args!("{:>5}", log.severity.as_str()));
        self.close(out);
        out.push(b' ');
        self.open(out, DIM);
        put_harmless(out, log.target);
        out.push(b':');
        self.close(out);
        if !log.event_name.is_empty() {
            out.push(b' ');
            self.open(out, BOLD);
            put_harmless(out, log.event_name);
            self.close(out);
        }
        if log.body != Value::Str("") {
            out.push(b' ');
            put_message(out, log.body);
        }
        for attribute in log.attributes {
            out.push(b' ');
            self.open(out, CYAN);
            put_harmless(out, attribute.key);
            self.close(out);
            out.push(b'=');
            put_value(out, attribute.value);
        }
        self.put_whence(out, log);
        out.push(b'\n');
    }

    /// Which line of which file has written it, and within which span.
    fn put_whence(&self, out: &mut Vec<u8>, log: &LogView<'_>) {
        if log.file.is_none() && log.trace_id.is_none() {
            return;
        }
        self.open(out, DIM);
        if let Some(file) = log.file {
            out.extend_from_slice(b" at ");
            put_harmless(out, file);
            out.push(b':');
            put_whole(out, log.line.into());
        }
        if let Some(trace_id) = log.trace_id {
            put(out, format_args!(" trace_id={trace_id}"));
        }
        if let Some(span_id) = log.span_id {
            put(out, format_args!(" span_id={span_id}"));
        }
        self.close(out);
    }

    fn open(&self, out: &mut Vec<u8>, color: &str) {
        if self.color {
            put(out, format_args!("\x1b[{color}m"));
        }
    }

    fn close(&self, out: &mut Vec<u8>) {
        if self.color {
            out.extend_from_slice(b"\x1b[0m");
        }
    }
}

const fn color(level: Level) -> &'static str {
    match level {
        Level::Error => RED,
        Level::Warn => YELLOW,
        Level::Info => GREEN,
        Level::Debug => BLUE,
        Level::Trace => DIM,
    }
}

/// A text stands as it is: it is what the rest of the line is about.
fn put_message(out: &mut Vec<u8>, body: Value<'_>) {
    match body {
        Value::Str(text) => put_harmless(out, text),
        other => put_value(out, other),
    }
}

/// A text that could be taken for more than one is put in quotation marks.
fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Str(text) => {
            let is_plain = |char: char| !char.is_whitespace() && !"=\"[],".contains(char);
            if !text.is_empty() && text.chars().all(is_plain) {
                put_harmless(out, text);
            } else {
                out.push(b'"');
                put_escaped(out, text);
                out.push(b'"');
            }
        }
        Value::Int(number) => put_whole(out, number),
        Value::Bool(value) => put(out, format_args!("{value}")),
        Value::Double(number) => put(out, format_args!("{number}")),
        Value::Array(array) => {
            out.push(b'[');
            for (index, value) in array.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                put_value(out, value);
            }
            out.push(b']');
        }
    }
}
