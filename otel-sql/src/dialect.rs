//! Whose SQL it is: what is quoted how.

/// Whose SQL it is: what is a value, a name or a comment in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// The SQL standard, and what most databases add to it.
    #[default]
    Standard,
    /// PostgreSQL, CockroachDB, Amazon Redshift.
    PostgreSql,
    /// MySQL and MariaDB: `"` quotes values, `\` escapes.
    MySql,
    /// SQLite: `"` quotes names, as its documentation asks.
    Sqlite,
    /// Microsoft SQL Server: `[names]`, `@variables`, `#tables`.
    SqlServer,
    /// Oracle Database: `q'[values]'`.
    Oracle,
    /// ClickHouse: `\` escapes.
    ClickHouse,
    /// Apache Hive, Google Cloud Spanner: `"` quotes values, `\` escapes.
    Hive,
}

impl Dialect {
    /// The dialect of a well-known value of [`db.system.name`]; `None` if that system is not
    /// asked in SQL.
    ///
    /// [`db.system.name`]: https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/
    ///
    /// ```
    /// use otel_sql::Dialect;
    ///
    /// assert_eq!(Dialect::of_system("mariadb"), Some(Dialect::MySql));
    /// assert_eq!(Dialect::of_system("redis"), None);
    /// ```
    #[must_use]
    pub fn of_system(system: &str) -> Option<Self> {
        Some(match system {
            "postgresql" | "cockroachdb" | "aws.redshift" => Self::PostgreSql,
            "mysql" | "mariadb" => Self::MySql,
            "sqlite" => Self::Sqlite,
            "microsoft.sql_server" => Self::SqlServer,
            "oracle.db" => Self::Oracle,
            "clickhouse" => Self::ClickHouse,
            "hive" | "gcp.spanner" => Self::Hive,
            "other_sql" | "actian.ingres" | "derby" | "firebirdsql" | "h2database" | "hsqldb"
            | "ibm.db2" | "ibm.informix" | "ibm.netezza" | "intersystems.cache" | "sap.hana"
            | "sap.maxdb" | "teradata" | "trino" => Self::Standard,
            _ => return None,
        })
    }

    /// `"` quotes values.
    pub(crate) const fn double_quotes_values(self) -> bool {
        matches!(self, Self::MySql | Self::Hive)
    }

    /// `\` escapes the next character of any value.
    pub(crate) const fn escapes_by_backslash(self) -> bool {
        matches!(self, Self::MySql | Self::Hive | Self::ClickHouse)
    }

    /// `E'..'` is a value in which `\` escapes.
    pub(crate) const fn has_escaped_values(self) -> bool {
        matches!(self, Self::PostgreSql | Self::Standard)
    }

    /// `[..]` quotes names.
    pub(crate) const fn has_bracketed_names(self) -> bool {
        matches!(self, Self::SqlServer | Self::Sqlite)
    }

    /// `/* /* */ */` is one comment.
    pub(crate) const fn nests_comments(self) -> bool {
        matches!(self, Self::PostgreSql | Self::SqlServer | Self::ClickHouse)
    }

    /// `#` begins a comment.
    pub(crate) const fn comments_by_hash(self) -> bool {
        matches!(self, Self::MySql | Self::ClickHouse)
    }

    /// `--` begins a comment only if a space follows.
    pub(crate) const fn comments_need_space(self) -> bool {
        matches!(self, Self::MySql)
    }

    /// `$tag$..$tag$` is a value.
    pub(crate) const fn quotes_by_dollar(self) -> bool {
        matches!(self, Self::PostgreSql | Self::Standard | Self::ClickHouse)
    }

    /// `:` before a digit is part of an array's slice, not of a parameter.
    pub(crate) const fn slices_by_colon(self) -> bool {
        matches!(self, Self::PostgreSql)
    }

    /// `@` begins a parameter or variable.
    pub(crate) const fn has_at_variables(self) -> bool {
        !matches!(self, Self::PostgreSql)
    }

    /// `#` can be in a name.
    pub(crate) const fn has_hash_names(self) -> bool {
        matches!(self, Self::SqlServer | Self::Oracle)
    }

    /// A table may stand in `'`.
    pub(crate) const fn quotes_tables_like_values(self) -> bool {
        matches!(self, Self::Standard | Self::Sqlite)
    }

    /// `EXECUTE` calls a procedure.
    pub(crate) const fn executes_procedures(self) -> bool {
        !matches!(self, Self::PostgreSql | Self::MySql)
    }
}
