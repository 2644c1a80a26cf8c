//! Statements that were not known at compile time, read where nobody waits.

use std::collections::HashMap;
use std::sync::Arc;

use otel_sql::{Dialect, Statement};

use crate::site::QuerySpec;

/// What was read, by the text: programs have few statements, and ask them often.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    read: HashMap<Key, Arc<Statement>>,
    bytes: usize,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    text: Box<str>,
    dialect: Dialect,
    is_cut: bool,
}

/// With more texts than this in it, everything is forgotten: texts with values in them are never
/// asked twice.
const MOST_BYTES: usize = 256 << 10;

impl Statements {
    /// What is told of a statement; `is_cut` if its end is missing.
    pub(crate) fn read(&mut self, query: &QuerySpec, text: &str, is_cut: bool) -> Arc<Statement> {
        let dialect = Dialect::of_system(query.system).unwrap_or_default();
        let key = Key {
            text: text.into(),
            dialect,
            is_cut,
        };
        if let Some(known) = self.read.get(&key) {
            return Arc::clone(known);
        }
        let statement = Arc::new(if is_cut {
            Statement::read_cut(text, dialect)
        } else {
            Statement::read(text, dialect)
        });
        if self.bytes + text.len() > MOST_BYTES {
            self.read.clear();
            self.bytes = 0;
        }
        self.bytes += text.len();
        self.read.insert(key, Arc::clone(&statement));
        statement
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_kept_up_to_a_bound() {
        let mut statements = Statements::default();
        let query = QuerySpec::new("mysql");
        let mut read = |text: &str, is_cut| statements.read(&query, text, is_cut);
        let first = read("SELECT 'a' FROM t", false);
        assert_eq!(first.text.as_deref(), Some("SELECT ? FROM t"));
        assert!(Arc::ptr_eq(&first, &read("SELECT 'a' FROM t", false)));
        assert_eq!(
            read("SELECT 'a' FROM t", true).text.as_deref(),
            Some("SELECT ? FROM …")
        );
        for number in 0..20_000 {
            let _ = read(&format!("SELECT {number:020} FROM t"), false);
        }
        assert!(statements.bytes <= MOST_BYTES);
        assert!(statements.read.len() < 20_000);
    }
}
