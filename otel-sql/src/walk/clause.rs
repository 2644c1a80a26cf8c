//! Words inside of statements.

use super::Walk;
use crate::scope::{Doing, Wants, With};
use crate::words::{self, is_any, lower};

impl Walk<'_> {
    /// A word inside of a statement, at which we are.
    pub(super) fn clause(&mut self, word: &str) {
        let scope = *self.scope();
        self.at += 1;
        let has_tables = matches!(scope.doing, Doing::Select | Doing::Delete | Doing::Update);
        match &*lower(word) {
            "lateral" | "only" | "table" | "rows" if scope.wants == Wants::Table => {}
            "with" if scope.doing == Doing::Tables || self.names_query() => {
                self.scope().with = With::Name;
                self.scope().wants = Wants::Nothing;
            }
            "from" if has_tables && !self.is_distinct_from() => self.want_tables(),
            "join" | "straight_join" | "apply" if has_tables || scope.doing == Doing::Tables => {
                self.want_tables();
            }
            "using" if scope.doing == Doing::Delete && !self.is_at_columns() => self.want_tables(),
            "into" if scope.doing == Doing::Select => self.into(),
            "on" if scope.doing == Doing::Index => {
                while is_any(self.word_at(self.at), &["only"]) {
                    self.at += 1;
                }
                self.scope().wants = Wants::TableWithColumns;
            }
            // What a `MERGE` does then is no statement.
            "when" if scope.doing == Doing::Delete => {
                self.scope().doing = Doing::Other;
                self.end_tables();
            }
            _ if is_any(word, words::AFTER_TABLES) => self.end_tables(),
            _ => self.scope().wants = Wants::Nothing,
        }
    }

    fn want_tables(&mut self) {
        self.scope().wants = Wants::Table;
        self.scope().is_list = true;
    }

    fn end_tables(&mut self) {
        self.scope().wants = Wants::Nothing;
        self.scope().is_list = false;
    }

    /// `SELECT .. INTO table`.
    fn into(&mut self) {
        while is_any(
            self.word_at(self.at),
            &["temp", "temporary", "unlogged", "table"],
        ) {
            self.at += 1;
        }
        if !is_any(self.word_at(self.at), &["outfile", "dumpfile"]) {
            self.scope().wants = Wants::TableWithColumns;
        }
    }

    /// True behind a `WITH` that names queries, as in `INSERT INTO t WITH a AS (..)`.
    fn names_query(&self) -> bool {
        let is_as = |at| is_any(self.word_at(at), &["as"]) && self.tokens.is_sign(at + 1, "(");
        is_any(self.word_at(self.at), &["recursive"]) || is_as(self.at + 1)
    }

    /// True behind the `FROM` of `IS DISTINCT FROM`.
    fn is_distinct_from(&self) -> bool {
        self.at >= 2 && is_any(self.word_at(self.at - 2), &["distinct"])
    }

    /// True behind the `USING` of `JOIN t USING (column)`.
    fn is_at_columns(&self) -> bool {
        let inside = self.at + 1;
        let is_query = is_any(self.word_at(inside), &["select", "with", "values"])
            || self.tokens.is_sign(inside, "(");
        self.tokens.is_sign(self.at, "(") && !is_query
    }
}
