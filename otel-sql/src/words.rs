//! Keywords, in groups that mean the same to a summary.

use std::ops::Deref;

/// True if it is one of these, in any case.
pub(crate) fn is_any(word: &str, of: &[&str]) -> bool {
    of.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// A keyword in lower case; nothing if it is longer than any.
pub(crate) fn lower(word: &str) -> Lower {
    let mut lower = Lower {
        bytes: [0; LONGEST],
        length: 0,
    };
    if let Some(bytes) = lower.bytes.get_mut(..word.len())
        && word.is_ascii()
    {
        bytes.copy_from_slice(word.as_bytes());
        bytes.make_ascii_lowercase();
        lower.length = word.len();
    }
    lower
}

const LONGEST: usize = 16;

/// A keyword in lower case.
pub(crate) struct Lower {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Deref for Lower {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

/// First words of statements that change or make rows, which are also words inside of others.
pub(crate) const CHANGES: &[&str] = &["insert", "replace", "update", "delete", "merge", "upsert"];

/// What may stand between those and the table.
pub(crate) const BEFORE_TABLE: &[&str] = &[
    "into",
    "or",
    "replace",
    "ignore",
    "abort",
    "fail",
    "rollback",
    "overwrite",
    "table",
    "only",
    "low_priority",
    "high_priority",
    "delayed",
    "quick",
    "from",
];

/// First words of statements about things that have a kind and a name.
pub(crate) const DEFINITIONS: &[&str] = &["create", "alter", "drop", "truncate", "rename"];

/// What may stand between those and the kind.
pub(crate) const BEFORE_KIND: &[&str] = &[
    "or",
    "replace",
    "temp",
    "temporary",
    "global",
    "local",
    "unlogged",
    "unique",
    "fulltext",
    "spatial",
    "clustered",
    "nonclustered",
    "virtual",
    "external",
    "foreign",
    "recursive",
    "materialized",
    "alter",
    "online",
    "offline",
];

/// Kinds of things that hold rows.
pub(crate) const TABLES: &[&str] = &["table", "view", "tables"];

/// Other kinds whose names are told.
pub(crate) const KINDS: &[&str] = &[
    "index",
    "schema",
    "database",
    "sequence",
    "type",
    "domain",
    "extension",
    "keyspace",
    "synonym",
];

/// Kinds with statements of their own inside, about which nothing is told but the name.
pub(crate) const PROGRAMS: &[&str] = &[
    "function",
    "procedure",
    "trigger",
    "event",
    "package",
    "rule",
    "policy",
    "aggregate",
];

/// What may stand between the kind and the name.
pub(crate) const BEFORE_NAME: &[&str] = &["if", "not", "exists", "concurrently", "only"];

/// What may stand between `EXPLAIN` and the statement.
pub(crate) const AFTER_EXPLAIN: &[&str] = &[
    "analyze", "analyse", "verbose", "query", "plan", "extended", "format",
];

/// What comes after an `UPDATE` that begins nothing, as in `FOR UPDATE SKIP LOCKED`.
pub(crate) const AFTER_FOR_UPDATE: &[&str] = &["of", "set", "nowait", "skip", "on", "cascade"];

/// What ends a list of tables.
pub(crate) const AFTER_TABLES: &[&str] = &[
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "fetch",
    "union",
    "intersect",
    "except",
    "minus",
    "set",
    "values",
    "returning",
    "window",
    "for",
    "connect",
    "start",
    "qualify",
    "prewhere",
    "output",
    "when",
];

/// Statements of which the first word says everything that is told.
pub(crate) const ALONE: &[&str] = &[
    "begin",
    "commit",
    "end",
    "rollback",
    "abort",
    "savepoint",
    "release",
    "set",
    "reset",
    "show",
    "describe",
    "desc",
    "vacuum",
    "analyze",
    "analyse",
    "reindex",
    "optimize",
    "checkpoint",
    "listen",
    "unlisten",
    "notify",
    "lock",
    "unlock",
    "grant",
    "revoke",
    "comment",
    "do",
    "declare",
    "fetch",
    "move",
    "close",
    "deallocate",
    "discard",
    "attach",
    "detach",
    "kill",
    "flush",
    "load",
    "import",
    "export",
    "security",
    "cluster",
    "refresh",
    "open",
    "print",
    "waitfor",
    "if",
    "while",
    "return",
    "go",
    "help",
    "check",
    "repair",
    "backup",
    "restore",
    "handler",
    "xa",
    "shutdown",
    "install",
    "uninstall",
    "purge",
    "change",
    "stop",
    "signal",
    "resignal",
    "get",
    "system",
];
