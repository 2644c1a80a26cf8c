//! What is told of a statement.

use crate::dialect::Dialect;
use crate::lex::Tokens;
use crate::sanitise::sanitised;
use crate::walk::Walk;
use crate::words;

/// What is told of a statement: nothing in it is a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Operations and what they are applied to, `INSERT orders SELECT carts`: `db.query.summary`,
    /// 255 characters at most.
    pub summary: Option<String>,
    /// What the database is asked to do, if that is one thing: `db.operation.name`.
    pub operation: Option<String>,
    /// The table, if it is only one: `db.collection.name`.
    pub collection: Option<String>,
    /// The stored procedure that is called: `db.stored_procedure.name`.
    pub procedure: Option<String>,
    /// The text with `?` for each value, on one line, without comments: `db.query.text`. `None` if
    /// a quote does not close, since then a value could be anywhere.
    pub text: Option<String>,
}

impl Statement {
    /// Reads one or several statements. Names are told as they are written, without change of case
    /// or quotes.
    ///
    /// Costs time and memory in proportion to the length of the text; allocates.
    #[must_use]
    pub fn read(text: &str, dialect: Dialect) -> Self {
        let tokens = Tokens::of(text, dialect);
        if tokens.is_open {
            return Self::of_first_word(&tokens);
        }
        Self::of(&tokens)
    }

    /// Reads the beginning of a statement whose end is not there: a value that is cut is a value,
    /// and a name that may be cut is left out.
    #[must_use]
    pub fn read_cut(text: &str, dialect: Dialect) -> Self {
        let mut tokens = Tokens::of(text, dialect);
        let is_cut = |end| end == text.len();
        if !tokens.is_open && tokens.list.last().is_some_and(|last| is_cut(last.end)) {
            tokens.list.pop();
        }
        let statement = Self::of(&tokens);
        Self {
            text: statement.text.map(|text| text + " …"),
            ..statement
        }
    }

    fn of(tokens: &Tokens<'_>) -> Self {
        let mut summary = Walk::over(tokens);
        let is_one = summary.statements == 1;
        Self {
            operation: summary.operation.take().filter(|_| is_one),
            collection: summary.one_collection().filter(|_| is_one),
            procedure: summary.procedure.take().filter(|_| is_one),
            summary: summary.words(),
            text: Some(sanitised(tokens)),
        }
    }

    /// Of a text that cannot be read: the word it begins with, if that is a keyword.
    fn of_first_word(tokens: &Tokens<'_>) -> Self {
        let first = tokens.text_of(0);
        let groups = [
            words::CHANGES,
            words::DEFINITIONS,
            words::ALONE,
            &["select", "with", "call"],
        ];
        let is_known = groups.iter().any(|group| words::is_any(first, group));
        let operation = is_known.then(|| first.to_owned());
        Self {
            summary: operation.clone(),
            operation,
            ..Self::default()
        }
    }
}
