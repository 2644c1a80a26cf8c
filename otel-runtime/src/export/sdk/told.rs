//! What the SDK was told of a counter, so that it is not told of a fall.
//!
//! For an exporter that prefers deltas, the SDK subtracts what it was told in the last reading. It
//! does not know that a series can begin anew: whole numbers would wrap around. A series that it is
//! not told of in a reading it forgets, and takes for a new one in the next. So a series that begins
//! anew is left out once.

use std::collections::HashMap;
use std::mem;

use crate::metric::{Attributes, NumberPoint, NumberValue};

/// The series that the SDK was told of, in the last reading and in this one.
#[derive(Default)]
pub(super) struct Told {
    before: HashMap<Attributes, Last>,
    now: HashMap<Attributes, Last>,
}

struct Last {
    start_unix_ns: u64,
    value: NumberValue,
}

impl Told {
    pub(super) fn begin_reading(&mut self) {
        self.before = mem::take(&mut self.now);
    }

    /// Those that the SDK may be told of in this reading; `falls` says whether the first value is
    /// less than the second.
    pub(super) fn take<'a>(
        &mut self,
        points: &'a [NumberPoint],
        falls: fn(NumberValue, NumberValue) -> bool,
    ) -> impl Iterator<Item = &'a NumberPoint> {
        points.iter().filter(move |point| {
            let last = self.before.get(&point.attributes);
            let follows = last.is_none_or(|last| {
                point.start_unix_ns == last.start_unix_ns && !falls(point.value, last.value)
            });
            if follows {
                let last = Last {
                    start_unix_ns: point.start_unix_ns,
                    value: point.value,
                };
                self.now.insert(point.attributes.clone(), last);
            }
            follows
        })
    }
}
