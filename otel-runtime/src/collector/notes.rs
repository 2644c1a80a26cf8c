//! Note records, read where they lie: nothing is copied, and nothing allocated but for errors.

use std::borrow::Cow;

use super::quoted;
use crate::log::Severity;
use crate::record::{Header, NOTE_WORDS, RecordKind, as_bytes};
use crate::value::{Decoded, Key, Values};

/// The note records of one span, one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Notes<'a>(&'a [u64]);

/// What one note says. Values are decoded when somebody asks for them.
#[derive(Clone, Debug)]
pub(super) enum Note<'a> {
    Fields(Values<'a>),
    Event {
        ticks: u64,
        name: &'a str,
        attributes: Values<'a>,
    },
    Link {
        trace: [u64; 2],
        span: u64,
        flags: u8,
        is_remote: bool,
        trace_state: &'a str,
        attributes: Values<'a>,
    },
    /// What the span carries.
    Carried {
        trace_state: &'a str,
        baggage: Values<'a>,
    },
    Status {
        code: u64,
        description: &'a str,
    },
    Name(&'a str),
    Error {
        ticks: u64,
        is_expected: bool,
        said: Values<'a>,
    },
    Panic {
        ticks: u64,
        said: Values<'a>,
    },
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

impl<'a> Notes<'a> {
    pub(super) const fn new(words: &'a [u64]) -> Self {
        Self(words)
    }
}

impl<'a> Iterator for Notes<'a> {
    type Item = Note<'a>;

    fn next(&mut self) -> Option<Note<'a>> {
        while let Some(&first) = self.0.first() {
            let length = Header(first).words();
            if length < NOTE_WORDS || length > self.0.len() {
                self.0 = &[];
                break;
            }
            let (record, rest) = self.0.split_at(length);
            self.0 = rest;
            if let Some(note) = read(record) {
                return Some(note);
            }
        }
        None
    }
}

fn read(record: &[u64]) -> Option<Note<'_>> {
    let content = &record[NOTE_WORDS..];
    Some(match Header(record[0]).kind()? {
        RecordKind::Fields => Note::Fields(values(content)),
        RecordKind::Event => {
            let (head, said) = content.split_first_chunk::<1>()?;
            let (name, attributes) = headed(said);
            Note::Event {
                ticks: head[0],
                name,
                attributes,
            }
        }
        RecordKind::Link => {
            let (head, said) = content.split_first_chunk::<5>()?;
            let (trace_state, attributes) = headed(said);
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
            let (head, said) = content.split_first_chunk::<1>()?;
            Note::Status {
                code: head[0],
                description: text(said).unwrap_or_default(),
            }
        }
        RecordKind::Name => Note::Name(text(content)?),
        RecordKind::Error => {
            let (head, said) = content.split_first_chunk::<2>()?;
            Note::Error {
                ticks: head[0],
                is_expected: head[1] != 0,
                said: values(said),
            }
        }
        RecordKind::Panic => {
            let (head, said) = content.split_first_chunk::<1>()?;
            Note::Panic {
                ticks: head[0],
                said: values(said),
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

fn values(words: &[u64]) -> Values<'_> {
    Values::new(as_bytes(words))
}

/// Values of which the first is a text of its own.
fn headed(words: &[u64]) -> (&str, Values<'_>) {
    let mut values = values(words);
    match values.next().map(|entry| entry.value) {
        Some(Decoded::Str(text)) => (text, values),
        _ => ("", values),
    }
}

fn text(words: &[u64]) -> Option<&str> {
    values(words).find_map(|entry| match (entry.key, entry.value) {
        (Key::Named(_), Decoded::Str(text)) => Some(text),
        _ => None,
    })
}

impl<'a> ErrorNote<'a> {
    pub(super) fn read(said: Values<'a>) -> Self {
        let mut error = Self::default();
        for entry in said {
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

impl<'a> PanicNote<'a> {
    pub(super) fn read(said: Values<'a>) -> Self {
        let mut panic = Self::default();
        for entry in said {
            match (entry.key, entry.value) {
                (Key::Named("message"), Decoded::Str(text)) => panic.message = text,
                (Key::Named("file"), Decoded::Str(text)) => panic.file = Some(text),
                (Key::Named("line"), Decoded::Int(line)) => panic.line = Some(line),
                _ => {}
            }
        }
        panic
    }
}
