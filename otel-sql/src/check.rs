//! Whether a statement is one.

use std::fmt;

use sqlparser::dialect::{
    ClickHouseDialect, Dialect as Grammar, GenericDialect, HiveDialect, MsSqlDialect, MySqlDialect,
    OracleDialect, PostgreSqlDialect, SQLiteDialect,
};
use sqlparser::parser::{Parser, ParserError};

use crate::dialect::Dialect;

/// Why a text is no statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxError {
    /// What the parser says, without the place.
    pub reason: String,
    /// Where, if it says where.
    pub place: Option<Place>,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// From one.
    pub line: usize,
    /// In characters, from one.
    pub column: usize,
    /// In bytes from the beginning of the text, to the end of the word there.
    pub start: usize,
    /// Behind the last byte of that word.
    pub end: usize,
}

/// Refuses a text that the dialect's grammar does not know as statements.
///
/// A database may know more than that grammar: what is refused here may still work.
///
/// # Errors
/// The first place where the text does not go on as it must.
///
/// ```
/// use otel_sql::{Dialect, check};
///
/// let error = check("SELECT id FORM users", Dialect::PostgreSql).unwrap_err();
/// assert_eq!(error.place.unwrap().column, 16);
/// ```
pub fn check(text: &str, dialect: Dialect) -> Result<(), SyntaxError> {
    let grammar: &dyn Grammar = match dialect {
        Dialect::Standard => &GenericDialect {},
        Dialect::PostgreSql => &PostgreSqlDialect {},
        Dialect::MySql => &MySqlDialect {},
        Dialect::Sqlite => &SQLiteDialect {},
        Dialect::SqlServer => &MsSqlDialect {},
        Dialect::Oracle => &OracleDialect {},
        Dialect::ClickHouse => &ClickHouseDialect {},
        Dialect::Hive => &HiveDialect {},
    };
    match Parser::parse_sql(grammar, text) {
        Ok(statements) if statements.is_empty() => Err(SyntaxError {
            reason: "there is no statement".to_owned(),
            place: None,
        }),
        Ok(_) => Ok(()),
        Err(error) => Err(SyntaxError::of(error, text)),
    }
}

impl SyntaxError {
    /// The parser writes the place at the end of the reason.
    fn of(error: ParserError, text: &str) -> Self {
        let said = match error {
            ParserError::TokenizerError(said) | ParserError::ParserError(said) => said,
            ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
        };
        let Some((reason, place)) = said.rsplit_once(" at Line: ") else {
            return Self {
                reason: uncapitalised(said.trim_end_matches('.')),
                place: None,
            };
        };
        let place = place.split_once(", Column: ").and_then(|(line, column)| {
            Place::of(line.parse().ok()?, column.trim().parse().ok()?, text)
        });
        Self {
            reason: uncapitalised(reason.trim_end_matches('.')),
            place,
        }
    }
}

/// The parser begins its sentences with a capital.
fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

impl Place {
    fn of(line: usize, column: usize, text: &str) -> Option<Self> {
        let before = text.split_inclusive('\n').take(line.checked_sub(1)?);
        let line_start: usize = before.map(str::len).sum();
        let rest = text.get(line_start..)?;
        let offset = rest
            .char_indices()
            .nth(column.checked_sub(1)?)
            .map_or(rest.len(), |(offset, _)| offset);
        let start = line_start + offset;
        let word = text[start..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_');
        let word: usize = word.map(char::len_utf8).sum();
        let one = text[start..].chars().next().map_or(0, char::len_utf8);
        Some(Self {
            line,
            column,
            start,
            end: start + word.max(one),
        })
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match self.place {
            Some(Place { line, column, .. }) => write!(f, ", at line {line}, column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxError {}
