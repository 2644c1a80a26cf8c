//! What the databases' words for the same thing are.

/// Whose SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    MySql,
}

/// A statement in the words of each database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement {
    sqlite: &'static str,
    postgres: &'static str,
    mysql: &'static str,
}

impl Dialect {
    /// The number of a new row comes with the row where that can be asked for, and else with the
    /// statement's result.
    pub(super) const fn returns_rows(self) -> bool {
        !matches!(self, Self::MySql)
    }
}

impl Statement {
    pub(super) const fn new(
        sqlite: &'static str,
        postgres: &'static str,
        mysql: &'static str,
    ) -> Self {
        Self {
            sqlite,
            postgres,
            mysql,
        }
    }

    pub(super) const fn of(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
            Dialect::MySql => self.mysql,
        }
    }
}

/// A statement that differs only in how parameters are written: texts, and between them the
/// parameters' numbers, in order.
macro_rules! statement {
    ($first:literal $($number:literal $then:literal)*) => {{
        const NUMBERED: &str = concat!($first $(, "$", $number, $then)*);
        const POSITIONAL: &str = concat!($first $(, "?", $then)*);
        $crate::storage::dialect::Statement::new(NUMBERED, NUMBERED, POSITIONAL)
    }};
}

pub(super) use statement;
