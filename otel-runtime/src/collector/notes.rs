//! Note records, read back.

use std::borrow::Cow;

use super::quoted;
use crate::export::{Array, Value};
use crate::log::Severity;
use crate::record::{Header, NOTE_WORDS, RecordKind, as_bytes};
use crate::value::{Decoded, Elements, Entry, Key, Values};

/// What one note says.
#[derive(Debug)]
pub(super) enum Note<'a> {
    Fields(Vec<Field<'a>>),
    Event {
        ticks: u64,
        name: &'a str,
        attributes: Vec<Field<'a>>,
    },
    Link {
        trace: [u64; 2],
        span: u64,
        flags: u8,
        is_remote: bool,
        trace_state: &'a str,
        attributes: Vec<Field<'a>>,
    },
    /// What the span carries.
    Carried {
        trace_state: &'a str,
        baggage: Vec<Field<'a>>,
    },
    Status {
        code: u64,
        description: &'a str,
    },
    Name(&'a str),
    Error {
        ticks: u64,
        is_expected: bool,
        error: ErrorNote<'a>,
    },
    Panic {
        ticks: u64,
        panic: PanicNote<'a>,
    },
}

/// A value and the key it belongs to.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) key: Key<'a>,
    /// Text was cut, or elements left out.
    pub(super) is_cut: bool,
    value: Held<'a>,
}

/// An error, as it was seen.
#[derive(Debug, Default)]
pub(super) struct ErrorNote<'a> {
    pub(super) type_name: &'a str,
    pub(super) message: Cow<'a, str>,
    pub(super) meaning: Option<MeaningNote<'a>>,
    pub(super) stack: Option<&'a str>,
    /// What caused it, the nearest cause first.
    pub(super) chain: Vec<&'a str>,
}

/// What an error means, as its type says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MeaningNote<'a> {
    pub(super) code: &'a str,
    pub(super) class: &'a str,
    pub(super) fault: &'a str,
    pub(super) is_retryable: bool,
    /// How grave it is, as OpenTelemetry numbers it.
    pub(super) severity: Option<Severity>,
    /// What the other side answered.
    pub(super) status: Option<Status<'a>>,
}

/// The status with which another system answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Status<'a> {
    Text(&'a str),
    Number(i64),
}

/// A panic, as the hook saw it.
#[derive(Debug, Default)]
pub(super) struct PanicNote<'a> {
    pub(super) message: &'a str,
    pub(super) file: Option<&'a str>,
    pub(super) line: Option<i64>,
}

/// A value; arrays are held decoded, so that they can be lent as slices.
#[derive(Debug)]
enum Held<'a> {
    Scalar(Value<'a>),
    Bools(Vec<bool>),
    Ints(Vec<i64>),
    Doubles(Vec<f64>),
    Strs(Vec<&'a str>),
}

/// Reads the note records of one span, one after the other.
pub(super) fn read_all(mut words: &[u64]) -> Vec<Note<'_>> {
    let mut notes = Vec::new();
    while let Some(&first) = words.first() {
        let length = Header(first).words();
        if length < NOTE_WORDS || length > words.len() {
            break;
        }
        let (record, rest) = words.split_at(length);
        notes.extend(read(record));
        words = rest;
    }
    notes
}

fn read(record: &[u64]) -> Option<Note<'_>> {
    let content = &record[NOTE_WORDS..];
    Some(match Header(record[0]).kind()? {
        RecordKind::Fields => Note::Fields(fields(content)),
        RecordKind::Event => {
            let (head, values) = content.split_first_chunk::<1>()?;
            let (name, attributes) = headed(values);
            Note::Event {
                ticks: head[0],
                name,
                attributes,
            }
        }
        RecordKind::Link => {
            let (head, values) = content.split_first_chunk::<5>()?;
            let (trace_state, attributes) = headed(values);
            Note::Link {
                trace: [head[0], head[1]],
                span: head[2],
                flags: head[3] as u8,
                is_remote: head[4] != 0,
                trace_state,
                attributes,
            }
        }
        RecordKind::Carried => {
            let (trace_state, baggage) = headed(content);
            Note::Carried {
                trace_state,
                baggage,
            }
        }
        RecordKind::Status => {
            let (head, values) = content.split_first_chunk::<1>()?;
            let description = texts(values).next().map_or("", |(_, text)| text);
            Note::Status {
                code: head[0],
                description,
            }
        }
        RecordKind::Name => Note::Name(texts(content).next()?.1),
        RecordKind::Error => {
            let (head, values) = content.split_first_chunk::<2>()?;
            Note::Error {
                ticks: head[0],
                is_expected: head[1] != 0,
                error: ErrorNote::read(values),
            }
        }
        RecordKind::Panic => {
            let (head, values) = content.split_first_chunk::<1>()?;
            let mut panic = PanicNote::default();
            for entry in Values::new(as_bytes(values)) {
                match (entry.key, entry.value) {
                    (Key::Named("message"), Decoded::Str(text)) => panic.message = text,
                    (Key::Named("file"), Decoded::Str(text)) => panic.file = Some(text),
                    (Key::Named("line"), Decoded::Int(line)) => panic.line = Some(line),
                    _ => {}
                }
            }
            Note::Panic {
                ticks: head[0],
                panic,
            }
        }
        RecordKind::Pad
        | RecordKind::Span
        | RecordKind::Discard
        | RecordKind::Cancel
        | RecordKind::Log
        | RecordKind::Started => {
            return None;
        }
    })
}

fn fields(words: &[u64]) -> Vec<Field<'_>> {
    Values::new(as_bytes(words)).map(Field::from).collect()
}

/// Values of which the first is a text of its own.
fn headed(words: &[u64]) -> (&str, Vec<Field<'_>>) {
    let mut fields = fields(words);
    let text = fields.first().and_then(Field::text).unwrap_or_default();
    fields.drain(..fields.len().min(1));
    (text, fields)
}

fn texts(words: &[u64]) -> impl Iterator<Item = (&str, &str)> {
    Values::new(as_bytes(words)).filter_map(|entry| match (entry.key, entry.value) {
        (Key::Named(key), Decoded::Str(text)) => Some((key, text)),
        _ => None,
    })
}

impl<'a> ErrorNote<'a> {
    fn read(words: &'a [u64]) -> Self {
        let mut error = Self::default();
        for entry in Values::new(as_bytes(words)) {
            let Key::Named(key) = entry.key else { continue };
            let meaning = MeaningNote::default;
            match (key, entry.value) {
                ("type", Decoded::Str(text)) => error.type_name = text,
                ("message", Decoded::Str(text)) => error.message = Cow::Borrowed(text),
                ("source", Decoded::Str(text)) => error.chain.push(text),
                ("stack", Decoded::Str(text)) => error.stack = Some(text),
                ("code", Decoded::Str(text)) => {
                    error.meaning.get_or_insert_with(meaning).code = text;
                }
                ("class", Decoded::Str(text)) => {
                    error.meaning.get_or_insert_with(meaning).class = text;
                }
                ("fault", Decoded::Str(text)) => {
                    error.meaning.get_or_insert_with(meaning).fault = text;
                }
                ("status", Decoded::Str(text)) => {
                    error.meaning.get_or_insert_with(meaning).status = Some(Status::Text(text));
                }
                ("status", Decoded::Int(number)) => {
                    error.meaning.get_or_insert_with(meaning).status = Some(Status::Number(number));
                }
                ("severity", Decoded::Int(number)) => {
                    error.meaning.get_or_insert_with(meaning).severity =
                        u8::try_from(number).ok().and_then(Severity::from_number);
                }
                ("retryable", Decoded::Bool(answer)) => {
                    error.meaning.get_or_insert_with(meaning).is_retryable = answer;
                }
                _ => {}
            }
        }
        error
    }

    /// Hides what is quoted in the message, and the causes, which say the same in other words.
    pub(super) fn hide_quoted(&mut self) {
        self.message = Cow::Owned(quoted::hidden(&self.message));
        self.chain.clear();
    }

    /// `error.type`: the code, or what the type is called if it has none.
    pub(super) fn code(&self) -> &'a str {
        self.meaning.map_or(self.type_name, |meaning| meaning.code)
    }
}

impl<'a> Field<'a> {
    pub(super) fn value(&self) -> Value<'_> {
        match &self.value {
            Held::Scalar(value) => *value,
            Held::Bools(values) => Value::Array(Array::Bools(values)),
            Held::Ints(values) => Value::Array(Array::Ints(values)),
            Held::Doubles(values) => Value::Array(Array::Doubles(values)),
            Held::Strs(values) => Value::Array(Array::Strs(values)),
        }
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        match self.value {
            Held::Scalar(Value::Str(text)) => Some(text),
            _ => None,
        }
    }
}

impl<'a> From<Entry<'a>> for Field<'a> {
    fn from(entry: Entry<'a>) -> Self {
        Self {
            key: entry.key,
            is_cut: entry.is_cut,
            value: Held::from(entry.value),
        }
    }
}

impl<'a> From<Decoded<'a>> for Held<'a> {
    fn from(value: Decoded<'a>) -> Self {
        match value {
            Decoded::Bool(value) => Self::Scalar(Value::Bool(value)),
            Decoded::Int(value) => Self::Scalar(Value::Int(value)),
            Decoded::Double(value) => Self::Scalar(Value::Double(value)),
            Decoded::Str(value) => Self::Scalar(Value::Str(value)),
            Decoded::Bools(values) => Self::Bools(of(values, |value| match value {
                Decoded::Bool(value) => Some(value),
                _ => None,
            })),
            Decoded::Ints(values) => Self::Ints(of(values, |value| match value {
                Decoded::Int(value) => Some(value),
                _ => None,
            })),
            Decoded::Doubles(values) => Self::Doubles(of(values, |value| match value {
                Decoded::Double(value) => Some(value),
                _ => None,
            })),
            Decoded::Strs(values) => Self::Strs(of(values, |value| match value {
                Decoded::Str(value) => Some(value),
                _ => None,
            })),
        }
    }
}

fn of<'a, T>(elements: Elements<'a>, one: impl Fn(Decoded<'a>) -> Option<T>) -> Vec<T> {
    elements.filter_map(one).collect()
}
