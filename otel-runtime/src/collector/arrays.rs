//! Arrays among values, decoded so that they can be lent as slices.
//!
//! Everything else is read where it lies. Arrays are few: they are looked for when one was met.

use super::notes::{Note, Notes};
use crate::export::{Array, Value};
use crate::value::{Decoded, Elements, Values};

/// The arrays of a span or log record, by the addresses at which they lie, in ascending order.
#[derive(Debug, Default)]
pub(super) struct Arrays<'a>(Vec<(usize, Held<'a>)>);

#[derive(Debug)]
enum Held<'a> {
    Bools(Vec<bool>),
    Ints(Vec<i64>),
    Doubles(Vec<f64>),
    Strs(Vec<&'a str>),
}

impl<'a> Arrays<'a> {
    /// Those of the notes of a span.
    pub(super) fn of_notes(notes: Notes<'a>) -> Self {
        let mut arrays = Self::default();
        for note in notes {
            match note {
                Note::Fields(values)
                | Note::Event {
                    attributes: values, ..
                }
                | Note::Link {
                    attributes: values, ..
                }
                | Note::Carried {
                    baggage: values, ..
                } => arrays.add(values),
                Note::Status { .. } | Note::Name(_) | Note::Error { .. } | Note::Panic { .. } => {}
            }
        }
        arrays
    }

    /// Those of a log record.
    pub(super) fn of_values(values: Values<'a>) -> Self {
        let mut arrays = Self::default();
        arrays.add(values);
        arrays
    }

    fn add(&mut self, values: Values<'a>) {
        let found = values.filter_map(|entry| Some((address(entry.value)?, held(entry.value)?)));
        self.0.extend(found);
    }

    /// The value; `None` for an array that is not here.
    #[inline]
    pub(super) fn lend<'s>(&'s self, value: Decoded<'a>) -> Option<Value<'s>> {
        match value {
            Decoded::Bool(value) => Some(Value::Bool(value)),
            Decoded::Int(value) => Some(Value::Int(value)),
            Decoded::Double(value) => Some(Value::Double(value)),
            Decoded::Str(value) => Some(Value::Str(value)),
            array => self.array(array).map(Value::Array),
        }
    }

    #[cold]
    fn array<'s>(&'s self, array: Decoded<'a>) -> Option<Array<'s>> {
        let address = address(array)?;
        let place = self.0.binary_search_by_key(&address, |(known, _)| *known);
        Some(match &self.0[place.ok()?].1 {
            Held::Bools(values) => Array::Bools(values),
            Held::Ints(values) => Array::Ints(values),
            Held::Doubles(values) => Array::Doubles(values),
            Held::Strs(values) => Array::Strs(values),
        })
    }
}

fn address(value: Decoded<'_>) -> Option<usize> {
    match value {
        Decoded::Bools(elements)
        | Decoded::Ints(elements)
        | Decoded::Doubles(elements)
        | Decoded::Strs(elements) => Some(elements.address()),
        Decoded::Bool(_) | Decoded::Int(_) | Decoded::Double(_) | Decoded::Str(_) => None,
    }
}

fn held(value: Decoded<'_>) -> Option<Held<'_>> {
    Some(match value {
        Decoded::Bools(values) => Held::Bools(all(values, |value| match value {
            Decoded::Bool(value) => Some(value),
            _ => None,
        })),
        Decoded::Ints(values) => Held::Ints(all(values, |value| match value {
            Decoded::Int(value) => Some(value),
            _ => None,
        })),
        Decoded::Doubles(values) => Held::Doubles(all(values, |value| match value {
            Decoded::Double(value) => Some(value),
            _ => None,
        })),
        Decoded::Strs(values) => Held::Strs(all(values, |value| match value {
            Decoded::Str(value) => Some(value),
            _ => None,
        })),
        Decoded::Bool(_) | Decoded::Int(_) | Decoded::Double(_) | Decoded::Str(_) => return None,
    })
}

fn all<'a, T>(elements: Elements<'a>, one: impl Fn(Decoded<'a>) -> Option<T>) -> Vec<T> {
    elements.filter_map(one).collect()
}
