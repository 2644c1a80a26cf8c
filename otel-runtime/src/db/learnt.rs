//! Summaries of statements that come at run time, for the attributes of durations.
//!
//! The first duration of a statement waits, with its text, for the thread that reads statements;
//! every later one finds the summary by the text. So a caller never reads a statement, and no
//! series is without its summary.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use otel_sql::{Dialect, Statement};

use super::duration::{Failure, Operation, Summary, record_in, series};
use super::target::Target;
use crate::class::{Classification, ResponseStatus};
use crate::per_process::PerProcess;
use crate::site::QuerySpec;

/// So many texts are known, each shorter than this; others have durations without a summary.
const MOST: usize = 1000;
const LONGEST_BYTES: usize = 2 << 10;
/// So many durations wait at most.
const MOST_WAITING: usize = 1000;

type Known = HashMap<Dialect, HashMap<Box<str>, Arc<Summary>>>;

static LEARNT: PerProcess<Learnt> = PerProcess::new();

#[derive(Default)]
struct Learnt {
    known: RwLock<Known>,
    waiting: Mutex<Vec<Waiting>>,
}

/// A duration whose statement has not been read.
struct Waiting {
    query: &'static QuerySpec,
    target: Option<&'static Target>,
    text: Box<str>,
    seconds: f64,
    failure: Option<(Box<str>, Option<Status>)>,
}

enum Status {
    Text(Box<str>),
    Number(i64),
}

/// Counts the duration of a call with this statement; `error` is what its error means, if it failed.
///
/// # Cost
/// As [`record`](super::record), and a search for the text; the first time copies it.
pub fn record_statement(
    query: &'static QuerySpec,
    target: Option<&'static Target>,
    text: &str,
    duration: Duration,
    error: Option<&Classification<'_>>,
) {
    let seconds = duration.as_secs_f64();
    let failure = error.map(|error| Failure {
        error_type: error.code,
        status: error.response_status,
    });
    let dialect = Dialect::of_system(query.system).unwrap_or_default();
    let (known, is_full) = {
        let known = LEARNT
            .made()
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let texts = known.get(&dialect);
        let found = texts.and_then(|texts| texts.get(text).map(Arc::clone));
        (found, texts.is_some_and(|texts| texts.len() >= MOST))
    };
    if known.is_none() && !is_full && text.len() <= LONGEST_BYTES {
        let mut waiting = LEARNT
            .made()
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MOST_WAITING {
            waiting.push(Waiting {
                query,
                target,
                text: text.into(),
                seconds,
                failure: failure
                    .map(|failure| (failure.error_type.into(), failure.status.map(Status::of))),
            });
            return;
        }
    }
    let operation = Operation {
        query,
        target,
        statement: known.as_deref(),
    };
    record_in(series(&operation, failure), seconds);
}

/// Reads the statements that wait, and counts their durations. For threads that nobody waits for.
pub(crate) fn read_waiting() {
    let Some(learnt) = LEARNT.known() else { return };
    let waiting = std::mem::take(
        &mut *learnt
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner),
    );
    for waiting in waiting {
        let dialect = Dialect::of_system(waiting.query.system).unwrap_or_default();
        let summary = summary(dialect, waiting.text);
        let operation = Operation {
            query: waiting.query,
            target: waiting.target,
            statement: Some(&summary),
        };
        let failure = waiting
            .failure
            .as_ref()
            .map(|(error_type, status)| Failure {
                error_type,
                status: status.as_ref().map(Status::lent),
            });
        record_in(series(&operation, failure), waiting.seconds);
    }
}

/// Leaves everything behind, in a forked child.
pub(crate) fn abandon() {
    LEARNT.abandon();
}

fn summary(dialect: Dialect, text: Box<str>) -> Arc<Summary> {
    let mut known = LEARNT
        .made()
        .known
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    let texts = known.entry(dialect).or_default();
    if let Some(known) = texts.get(&text) {
        return Arc::clone(known);
    }
    let Statement {
        summary,
        operation,
        collection,
        procedure,
        ..
    } = Statement::read(&text, dialect);
    let summary = Arc::new(Summary {
        summary,
        operation,
        collection,
        procedure,
    });
    if texts.len() < MOST {
        texts.insert(text, Arc::clone(&summary));
    }
    summary
}

impl Status {
    fn of(status: ResponseStatus<'_>) -> Self {
        match status {
            ResponseStatus::Text(text) => Self::Text(text.into()),
            ResponseStatus::Number(number) => Self::Number(number),
        }
    }

    fn lent(&self) -> ResponseStatus<'_> {
        match self {
            Self::Text(text) => ResponseStatus::Text(text),
            Self::Number(number) => ResponseStatus::Number(*number),
        }
    }
}
