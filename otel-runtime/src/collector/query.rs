//! What is told of a span that asks a database.

#[cfg(feature = "sql")]
use std::sync::Arc;

#[cfg(feature = "sql")]
use otel_sql::Statement;

use super::attributes::Attributes;
use super::notes::{Note, Notes, Status};
use super::told::Told;
use crate::db::ReadStatements;
use crate::export::Value;
use crate::site::{QuerySpec, Site, StatementSpec};
use crate::value::{Decoded, Key};

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
        notes: Notes<'a>,
        told: &Told<'a>,
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
        let status = told.last_status();
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

    /// True if errors may quote values that are not to be seen.
    pub(super) fn hides_quoted(site: &Site) -> bool {
        site.spec().query.is_some_and(|query| !query.is_raw)
    }

    /// True if the field with the statement's text is not to be seen as it is.
    pub(super) fn hides_text(site: &Site) -> bool {
        let query = site.spec().query;
        query.is_some_and(|query| matches!(query.statement, StatementSpec::Given))
    }

    /// True for the key of the statement's text.
    pub(super) fn is_text(site: &Site, key: Key<'_>) -> bool {
        match key {
            Key::Declared(index) => {
                let field = site.spec().fields.get(index as usize);
                field.is_some_and(|field| field.key == TEXT)
            }
            Key::Named(name) => name == TEXT,
        }
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

/// The statement that the span was given last, and whether its end is missing.
fn given<'a>(site: &Site, notes: Notes<'a>) -> Option<(&'a str, bool)> {
    let fields = notes.filter_map(|note| match note {
        Note::Fields(values) => Some(values),
        _ => None,
    });
    let texts = fields
        .flatten()
        .filter(|field| Asked::is_text(site, field.key));
    let field = texts.last()?;
    match field.value {
        Decoded::Str(text) => Some((text, field.is_cut)),
        _ => None,
    }
}
