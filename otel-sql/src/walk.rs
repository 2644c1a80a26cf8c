//! Finds operations and their targets, token by token.
//!
//! A stack of scopes, one for each parenthesis that is open, takes the place of a grammar: it says
//! whether a word is a keyword here, and whether a name is a table. So `FROM` in
//! `EXTRACT(year FROM t)` and `UPDATE` in `FOR UPDATE` are told from those that begin something.

mod clause;
mod first;

use crate::lex::{Kind, Tokens};
use crate::name::name_at;
use crate::scope::{Doing, Scope, Wants, With};
use crate::summary::Summary;
use crate::words::{self, is_any};

/// Further queries with a name are taken for tables: each table is looked for among the names.
const MOST_NAMED: usize = 64;

pub(crate) struct Walk<'t> {
    tokens: &'t Tokens<'t>,
    at: usize,
    /// The innermost scope last; never empty.
    scopes: Vec<Scope>,
    /// The names that `WITH` has given to queries: no tables.
    named: Vec<String>,
    summary: Summary,
}

impl<'t> Walk<'t> {
    pub(crate) fn over(tokens: &'t Tokens<'t>) -> Summary {
        let mut walk = Self {
            tokens,
            at: 0,
            scopes: vec![Scope::START],
            named: Vec::new(),
            summary: Summary::default(),
        };
        while let Some(kind) = tokens.kind(walk.at) {
            walk.step(kind);
        }
        walk.summary
    }

    fn scope(&mut self) -> &mut Scope {
        if self.scopes.is_empty() {
            self.scopes.push(Scope::START);
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    fn step(&mut self, kind: Kind) {
        if kind == Kind::Sign {
            return self.sign();
        }
        let scope = *self.scope();
        let is_name = scope.wants != Wants::Nothing;
        match kind {
            Kind::Word if self.is_after_dot() => self.at += 1,
            Kind::Word if !scope.is_start && is_name && !self.is_query() => self.name(),
            Kind::Word => self.word(),
            Kind::Name | Kind::Text if is_name => self.name(),
            Kind::Name if scope.with == With::Name => self.named_query(),
            _ => {
                self.scope().wants = Wants::Nothing;
                self.at += 1;
            }
        }
    }

    fn is_after_dot(&self) -> bool {
        self.at > 0 && self.tokens.is_sign(self.at - 1, ".")
    }

    fn word_at(&self, at: usize) -> &'t str {
        match self.tokens.kind(at) {
            Some(Kind::Word) => self.tokens.text_of(at),
            _ => "",
        }
    }

    /// True where a query stands in the place of a name.
    fn is_query(&self) -> bool {
        let is_rows = is_any(self.word_at(self.at), &["rows"]);
        is_rows && is_any(self.word_at(self.at + 1), &["from"])
            || is_any(
                self.word_at(self.at),
                &["select", "with", "values", "lateral", "table", "only"],
            )
    }

    fn sign(&mut self) {
        let scope = *self.scope();
        match self.tokens.text_of(self.at) {
            "(" => {
                let inner = match (scope.wants, scope.with) {
                    (Wants::Table, _) => Scope {
                        doing: Doing::Tables,
                        wants: Wants::Table,
                        is_list: true,
                        ..Scope::default()
                    },
                    (_, With::Body) => Scope::START,
                    // A query in parentheses may begin a statement, or be all of it.
                    _ if scope.is_start => Scope::START,
                    _ => Scope::default(),
                };
                self.scope().wants = Wants::Nothing;
                self.scopes.push(inner);
            }
            ")" if self.scopes.len() > 1 => {
                self.scopes.pop();
                let outer = self.scope();
                if outer.with == With::Body {
                    outer.with = With::AfterBody;
                    outer.is_start = true;
                } else {
                    outer.is_start = false;
                }
            }
            ";" if self.scopes.len() == 1 => {
                // Bodies of programs hold semicolons.
                if scope.doing != Doing::Program {
                    self.scopes[0] = Scope::START;
                    self.named.clear();
                }
            }
            "," if scope.with == With::AfterBody => {
                self.scope().with = With::Name;
                self.scope().is_start = false;
            }
            "," if scope.is_list => self.scope().wants = Wants::Table,
            _ => self.scope().wants = Wants::Nothing,
        }
        self.at += 1;
    }

    /// The name of a query: `WITH name AS (..)`.
    fn named_query(&mut self) {
        if self.named.len() < MOST_NAMED {
            self.named.push(self.tokens.text_of(self.at).to_owned());
        }
        self.scope().with = With::As;
        self.at += 1;
    }

    /// A name where one is wanted.
    fn name(&mut self) {
        let wants = std::mem::take(&mut self.scope().wants);
        let Some((name, end)) = name_at(self.tokens, self.at) else {
            self.at += 1;
            return;
        };
        self.at = end;
        let is_called = self.tokens.is_sign(end, "(");
        match wants {
            Wants::Nothing => {}
            Wants::Table if is_called || self.is_named(&name) => {}
            Wants::Table | Wants::TableWithColumns => self.summary.collection(&name),
            Wants::Procedure => self.summary.procedure(&name),
            Wants::Thing => self.summary.target(&name),
        }
    }

    fn is_named(&self, name: &str) -> bool {
        self.named
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    }

    fn word(&mut self) {
        let word = self.tokens.text_of(self.at);
        let scope = *self.scope();
        match scope.with {
            With::Name if word.eq_ignore_ascii_case("recursive") => {}
            With::Name => return self.named_query(),
            With::As if word.eq_ignore_ascii_case("as") => self.scope().with = With::Body,
            With::None | With::As | With::Body | With::AfterBody => return self.keyword(word),
        }
        self.at += 1;
    }

    fn keyword(&mut self, word: &'t str) {
        let scope = *self.scope();
        if matches!(scope.doing, Doing::Done | Doing::Program) {
            self.at += 1;
        } else if is_any(word, &["select"]) {
            self.begin(word, Doing::Select, Wants::Nothing);
            self.at += 1;
        } else if scope.is_start {
            self.first(word);
        } else if is_any(word, words::CHANGES) && self.begins_change(word) {
            self.change(word);
        } else {
            self.clause(word);
        }
    }

    /// An operation begins here.
    fn begin(&mut self, operation: &str, doing: Doing, wants: Wants) {
        let scope = *self.scope();
        let is_outside = self.scopes.len() == 1 && scope.is_start || self.is_wrapped();
        self.summary
            .operation(operation, is_outside && !scope.has_begun);
        *self.scope() = Scope {
            has_begun: true,
            doing,
            is_start: false,
            wants,
            is_list: false,
            with: With::None,
        };
    }

    /// True inside of parentheses around the whole statement.
    fn is_wrapped(&mut self) -> bool {
        self.summary.statements == 0
            && self
                .scopes
                .iter()
                .all(|scope| scope.is_start && scope.with == With::None)
    }
}
