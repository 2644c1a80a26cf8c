//! The beginnings of statements.

use super::Walk;
use crate::lex::Kind;
use crate::scope::{Doing, Scope, Wants, With};
use crate::words::{self, is_any, lower};

impl<'t> Walk<'t> {
    /// The first word of a statement.
    pub(super) fn first(&mut self, word: &'t str) {
        if is_any(word, words::CHANGES) {
            return self.change(word);
        }
        if is_any(word, words::DEFINITIONS) {
            return self.definition(word);
        }
        self.at += 1;
        match &*lower(word) {
            "call" => self.begin(word, Doing::Other, Wants::Procedure),
            "exec" | "execute" if self.tokens.dialect.executes_procedures() => {
                self.begin(word, Doing::Other, Wants::Procedure);
            }
            "with" => {
                // The statement follows the queries that are named.
                *self.scope() = Scope {
                    with: With::Name,
                    has_begun: self.scope().has_begun,
                    ..Scope::default()
                };
            }
            "explain" => self.explain(word),
            "copy" if self.tokens.is_sign(self.at, "(") => {
                self.begin(word, Doing::Other, Wants::Nothing);
            }
            "copy" => self.begin(word, Doing::Other, Wants::TableWithColumns),
            "use" | "pragma" => self.begin(word, Doing::Done, Wants::Thing),
            "table" => self.begin(word, Doing::Other, Wants::Table),
            "values" | "prepare" | "execute" => self.begin(word, Doing::Other, Wants::Nothing),
            "start" if is_any(self.word_at(self.at), &["transaction"]) => {
                let both = format!("{word} {}", self.word_at(self.at));
                self.begin(&both, Doing::Done, Wants::Nothing);
            }
            _ if is_any(word, words::ALONE) => self.begin(word, Doing::Done, Wants::Nothing),
            // Not SQL as far as one can see.
            _ => *self.scope() = Scope::default(),
        }
    }

    /// `EXPLAIN [ANALYZE] [(options)] statement`.
    fn explain(&mut self, word: &str) {
        self.begin(word, Doing::Other, Wants::Nothing);
        while is_any(self.word_at(self.at), words::AFTER_EXPLAIN) {
            self.at += 1;
            if self.tokens.is_sign(self.at, "=") {
                self.at += 2; // MySQL's `FORMAT = JSON`
            }
        }
        self.scope().is_start = !self.tokens.is_sign(self.at, "(");
    }

    /// True if a word such as `UPDATE` begins a statement inside of another.
    pub(super) fn begins_change(&self, word: &str) -> bool {
        let next = self.word_at(self.at + 1);
        let is_followed = match &*lower(word) {
            "insert" | "replace" | "merge" => is_any(next, &["into", "or", "ignore"]),
            "delete" => is_any(next, &["from"]),
            _ => !next.is_empty() && !is_any(next, words::AFTER_FOR_UPDATE),
        };
        let can_begin = self.at.checked_sub(1).is_none_or(|before| {
            self.tokens.is_sign(before, "(")
                || self.tokens.is_sign(before, ")")
                || is_any(self.word_at(before), &["as"])
        });
        is_followed && can_begin
    }

    /// `INSERT`, `UPDATE`, `DELETE` and the like.
    pub(super) fn change(&mut self, word: &'t str) {
        let (doing, wants, is_list) = match &*lower(word) {
            "update" => (Doing::Update, Wants::Table, true),
            "delete" => (Doing::Delete, Wants::Table, true),
            "merge" => (Doing::Delete, Wants::Table, false),
            _ => (Doing::Insert, Wants::TableWithColumns, false),
        };
        self.begin(word, doing, wants);
        self.scope().is_list = is_list;
        self.at += 1;
        if doing == Doing::Delete {
            self.skip_aliases();
        }
        while is_any(self.word_at(self.at), words::BEFORE_TABLE) && self.is_before_name() {
            self.at += 1;
        }
    }

    /// MySQL names what to delete before `FROM`: aliases, and not one more table.
    fn skip_aliases(&mut self) {
        let mut at = self.at;
        while matches!(self.tokens.kind(at), Some(Kind::Word | Kind::Name))
            || [",", ".", "*"]
                .iter()
                .any(|sign| self.tokens.is_sign(at, sign))
        {
            if is_any(self.word_at(at), &["from"]) {
                self.at = at;
                return;
            }
            if is_any(self.word_at(at), &["using", "where"]) {
                return;
            }
            at += 1;
        }
    }

    /// True unless the word at which we are must be the name itself.
    fn is_before_name(&self) -> bool {
        let next = self.tokens.kind(self.at + 1);
        next.is_some_and(|kind| kind != Kind::Sign) || self.tokens.is_sign(self.at + 1, "(")
    }

    /// `CREATE TABLE` and the like.
    fn definition(&mut self, word: &'t str) {
        let mut at = self.at + 1;
        while is_any(self.word_at(at), words::BEFORE_KIND) {
            at += 1;
        }
        let kind = self.word_at(at);
        let is_create = is_any(word, &["create"]);
        let (doing, wants) = match () {
            () if is_any(kind, words::TABLES) && is_create => {
                (Doing::Other, Wants::TableWithColumns)
            }
            () if is_any(kind, words::TABLES) => (Doing::Done, Wants::TableWithColumns),
            () if is_any(kind, &["index"]) => (Doing::Index, Wants::Thing),
            () if is_any(kind, words::KINDS) => (Doing::Done, Wants::Thing),
            () if is_any(kind, words::PROGRAMS) => (Doing::Program, Wants::Thing),
            () if is_any(word, &["truncate"]) => {
                self.at += 1;
                self.begin(word, Doing::Done, Wants::TableWithColumns);
                self.scope().is_list = true;
                return;
            }
            // A user, say, whose name nobody need know.
            () => {
                self.at += 1;
                return self.begin(word, Doing::Done, Wants::Nothing);
            }
        };
        self.begin(&format!("{word} {kind}"), doing, wants);
        self.at = at + 1;
        while is_any(self.word_at(self.at), words::BEFORE_NAME) {
            self.at += 1;
        }
        if doing == Doing::Index && is_any(self.word_at(self.at), &["on"]) {
            self.scope().wants = Wants::Nothing; // PostgreSQL finds a name for it
        }
        let is_several = is_any(word, &["drop", "truncate"]);
        self.scope().is_list = is_several && wants == Wants::TableWithColumns;
    }
}
