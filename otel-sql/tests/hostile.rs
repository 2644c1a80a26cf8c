//! Text that somebody made to hurt, or that was cut, or that is no SQL.

use otel_sql::{Dialect, Statement};
use proptest::prelude::*;

const DIALECTS: [Dialect; 8] = [
    Dialect::Standard,
    Dialect::PostgreSql,
    Dialect::MySql,
    Dialect::Sqlite,
    Dialect::SqlServer,
    Dialect::Oracle,
    Dialect::ClickHouse,
    Dialect::Hive,
];

#[test]
fn a_text_whose_quotes_do_not_close_is_not_shown() {
    for (dialect, sql) in [
        (
            Dialect::PostgreSql,
            "SELECT * FROM users WHERE name = 'hunter2",
        ),
        (Dialect::PostgreSql, "SELECT $tag$hunter2$tag"),
        (Dialect::PostgreSql, "SELECT \"hunter2"),
        (Dialect::PostgreSql, "SELECT 1 /* hunter2"),
        (Dialect::PostgreSql, "SELECT 1 /* /* hunter2 */"),
        (Dialect::MySql, "SELECT 'hunter2\\'"),
        (Dialect::MySql, "SELECT \"hunter2"),
        (Dialect::SqlServer, "SELECT [hunter2"),
        (Dialect::Oracle, "SELECT q'[hunter2'"),
        (Dialect::PostgreSql, "SELECT E'\\"),
    ] {
        let told = Statement::read(sql, dialect);
        assert_eq!(told.text, None, "{sql}");
        assert_eq!(told.summary.as_deref(), Some("SELECT"), "{sql}");
    }
    let told = Statement::read("hunter2 'x", Dialect::Standard);
    assert_eq!(told, Statement::default());
}

#[test]
fn a_cut_text_is_told_as_far_as_it_goes() {
    let cut = |sql| {
        let told = Statement::read_cut(sql, Dialect::PostgreSql);
        (told.summary.unwrap(), told.text.unwrap())
    };
    let told = |summary: &str, text: &str| (summary.to_owned(), text.to_owned());
    assert_eq!(
        cut("SELECT a FROM users WHERE b = 'hunt"),
        told("SELECT users", "SELECT a FROM users WHERE b = …")
    );
    assert_eq!(cut("SELECT a FROM use"), told("SELECT", "SELECT a FROM …"));
    assert_eq!(
        cut("SELECT a FROM users "),
        told("SELECT users", "SELECT a FROM users …")
    );
}

#[test]
fn a_summary_has_255_characters_at_most_and_only_whole_words() {
    let tables: Vec<String> = (0..100).map(|n| format!("täble_{n:03}")).collect();
    let sql = format!("SELECT * FROM {}", tables.join(", "));
    let summary = Statement::read(&sql, Dialect::Standard).summary.unwrap();
    assert_eq!(summary.chars().count(), 6 + 24 * 10);
    assert!(summary.ends_with("täble_023"), "{summary}");
    let long = format!("SELECT * FROM {} JOIN b", "x".repeat(300));
    let summary = Statement::read(&long, Dialect::Standard).summary.unwrap();
    assert_eq!(summary, "SELECT", "what comes behind a gap is left out");
}

#[test]
fn a_megabyte_and_thousands_of_parentheses_are_read() {
    let values = "('x''y', 12), ".repeat(80_000);
    let sql = format!("INSERT INTO t VALUES {values}(1, 2)");
    let told = Statement::read(&sql, Dialect::MySql);
    assert_eq!(told.summary.as_deref(), Some("INSERT t"));
    assert!(!told.text.unwrap().contains(['x', '1']));
    for dialect in DIALECTS {
        let deep = format!("SELECT {}1{}", "(".repeat(1 << 16), ")".repeat(1 << 16));
        assert!(Statement::read(&deep, dialect).text.is_some());
        let from = "SELECT * FROM (".repeat(1 << 12);
        assert!(Statement::read(&from, dialect).summary.is_some());
        for open in [
            "$a", "'", "/*", "q'", "\"", "`", "[", "$$", "--", "E'\\", "IN (1,", "DELETE ",
        ] {
            let _ = Statement::read(&open.repeat(1 << 13), dialect);
            let _ = Statement::read_cut(&open.repeat(1 << 13), dialect);
        }
    }
}

/// Pieces of which statements are made; the value among them must never be seen.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "SELECT",
            "FROM",
            "JOIN",
            "WHERE",
            "INSERT INTO",
            "UPDATE",
            "DELETE FROM",
            "WITH a AS",
            "VALUES",
            "CREATE TABLE",
            "(",
            ")",
            ",",
            ";",
            ".",
            "*",
            "users",
            "t1",
            "$1",
            "?",
            ":x",
            "IN",
            "::text",
            "--c\n",
            "/* c */",
            "USING",
            "ON",
            "SET",
            "MERGE INTO",
            "CALL",
            "COPY",
        ])
        .prop_map(str::to_owned),
        Just("'hunter2'".to_owned()),
        Just("'a''hunter2'''".to_owned()),
        Just("20021231".to_owned()),
    ]
}

proptest! {
    #[test]
    fn no_value_is_ever_told(pieces in prop::collection::vec(piece(), 0..30), cut in 0..200_usize) {
        let sql = pieces.join(" ");
        // Where tables may stand in the quotes of values, one may be told as a table.
        for dialect in [Dialect::PostgreSql, Dialect::MySql, Dialect::SqlServer, Dialect::Oracle] {
            let cut = sql.get(..cut.min(sql.len())).unwrap_or_default();
            for told in [Statement::read(&sql, dialect), Statement::read(cut, dialect), Statement::read_cut(cut, dialect)] {
                let told = format!("{told:?}");
                prop_assert!(!told.contains("hunter") && !told.contains("2002"), "{sql}: {told}");
            }
        }
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,80}", quotes in "[-'\"`$/*\\\\\\[\\]#;().,a-fqE ]{0,60}") {
        for dialect in DIALECTS {
            for text in [&text, &quotes] {
                let told = Statement::read(text, dialect);
                let _ = Statement::read_cut(text, dialect);
                // Once clean, always clean.
                if let Some(clean) = told.text {
                    prop_assert_eq!(Statement::read(&clean, dialect).text, Some(clean.clone()), "{:?} {}", dialect, text);
                }
            }
        }
    }
}
