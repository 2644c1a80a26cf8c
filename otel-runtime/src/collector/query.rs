//! What is told of a span that asks a database.

#[cfg(feature = "sql")]
use std::sync::Arc;

#[cfg(feature = "sql")]
use otel_sql::Statement;

use super::attributes::{Attributes, declared_key};
use super::notes::{ErrorNote, Note, Status};
use crate::db::ReadStatements;
use crate::export::Value;
use crate::site::{QuerySpec, Site, StatementSpec};

/// The key of a statement's text.
const TEXT: &str = "db.query.text";

/// What is told of a span that asks a database, beside its own attributes.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    query: &'a QuerySpec,
    /// What is shown as it is.
    raw: Option<&'a str>,
    /// What the collector has read.
    #[cfg(feature = "sql")]
    statement: Option<Arc<Statement>>,
    /// What the database answered, if it was a number.
    number: Option<String>,
    answer: Option<&'a str>,
}

impl<'a> Asked<'a> {
    pub(super) fn of(
        site: &'a Site,
        notes: &'a [Note<'a>],
        read: &mut ReadStatements,
    ) -> Option<Self> {
        let query = site.spec().query?;
        let given = || given(site, notes);
        let unread = match query.statement {
            StatementSpec::None | StatementSpec::Read(_) => None,
            StatementSpec::Constant(text) => Some((text, false)),
            StatementSpec::Given => given(),
        };
        let (text, is_cut) = unread.unwrap_or_default();
        let is_read = unread.is_some() && !query.is_raw;
        #[cfg(not(feature = "sql"))]
        let _ = (is_cut, is_read, read);
        let status = notes.iter().rev().find_map(|note| match note {
            Note::Error { error, .. } => status(error),
            _ => None,
        });
        let (answer, number) = match status {
            Some(Status::Text(text)) => (Some(text), None),
            Some(Status::Number(number)) => (None, Some(number.to_string())),
            None => (None, None),
        };
        Some(Self {
            query,
            raw: match query.statement {
                StatementSpec::Read(text) => Some(text),
                _ => unread.filter(|_| query.is_raw).map(|_| text),
            },
            #[cfg(feature = "sql")]
            statement: is_read.then(|| read.read(query, text, is_cut)),
            answer,
            number,
        })
    }

    /// Hides what the database quotes in its errors.
    pub(super) fn hide_values(site: &Site, notes: &mut [Note<'_>]) {
        if site.spec().query.is_none_or(|query| query.is_raw) {
            return;
        }
        for note in notes {
            if let Note::Error { error, .. } = note {
                error.hide_quoted();
            }
        }
    }

    /// True for a field whose value is not to be seen as it is.
    pub(super) fn hides(site: &Site, key: &str) -> bool {
        let query = site.spec().query;
        key == TEXT && query.is_some_and(|query| matches!(query.statement, StatementSpec::Given))
    }

    /// What the span is called, if its statement names it.
    pub(super) fn name(&self) -> Option<&str> {
        #[cfg(feature = "sql")]
        if !self.query.is_named
            && let Some(statement) = &self.statement
        {
            return statement.summary.as_deref();
        }
        None
    }

    /// A span that takes longer says so.
    pub(super) fn slow_ns(&self, usual_ns: Option<u64>) -> Option<u64> {
        self.query.slow_ns.or(usual_ns)
    }

    /// Adds what the span does not say itself.
    pub(super) fn add_to<'s: 'b, 'b>(&'s self, attributes: &mut Attributes<'b>)
    where
        'a: 'b,
    {
        let mut add = |key, value: Option<&'b str>| {
            if let Some(value) = value {
                attributes.set_if_missing(key, Value::Str(value));
            }
        };
        let query = self.query;
        add("db.system.name", Some(query.system));
        add("db.namespace", query.namespace);
        add("db.operation.name", query.operation);
        add("db.collection.name", query.collection);
        add("db.stored_procedure.name", query.procedure);
        add("db.query.summary", query.summary);
        add(TEXT, self.raw);
        #[cfg(feature = "sql")]
        if let Some(statement) = &self.statement {
            add("db.operation.name", statement.operation.as_deref());
            add("db.collection.name", statement.collection.as_deref());
            add("db.stored_procedure.name", statement.procedure.as_deref());
            add("db.query.summary", statement.summary.as_deref());
            add(TEXT, statement.text.as_deref());
        }
        add(
            "db.response.status_code",
            self.answer.or(self.number.as_deref()),
        );
        add("server.address", query.address);
        if let Some(port) = query.port {
            attributes.set_if_missing("server.port", Value::Int(port.into()));
        }
    }
}

fn given<'a>(site: &Site, notes: &'a [Note<'a>]) -> Option<(&'a str, bool)> {
    let fields = notes.iter().flat_map(|note| match note {
        Note::Fields(fields) => fields.as_slice(),
        _ => &[],
    });
    let mut texts = fields.filter(|field| declared_key(site, field.key).0 == TEXT);
    let field = texts.next_back()?;
    Some((field.text()?, field.is_cut))
}

fn status<'a>(error: &ErrorNote<'a>) -> Option<Status<'a>> {
    error.meaning.and_then(|meaning| meaning.status)
}
