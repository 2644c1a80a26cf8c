//! Real statements, and what is told of each.

use otel_sql::{Dialect, Statement};

mod table;

use table::{Row, STATEMENTS};

#[test]
fn each_statement_is_told_as_the_table_says() {
    let mut wrong = Vec::new();
    for row in STATEMENTS {
        let Row {
            dialect,
            sql,
            summary,
            operation,
            collection,
            text,
        } = *row;
        let told = Statement::read(sql, dialect);
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let expected = Statement {
            summary: given(summary),
            operation: given(operation),
            collection: given(collection),
            procedure: told.procedure.clone(),
            text: Some(if text == "=" { sql } else { text }.to_owned()),
        };
        if told != expected {
            wrong.push(format!(
                "{dialect:?}: {sql}\n  told     {told:?}\n  expected {expected:?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        STATEMENTS.len(),
        wrong.join("\n")
    );
}

/// Almost all of them are statements to the parser too, so that it is no hindrance.
#[cfg(feature = "check")]
#[test]
fn almost_all_statements_are_known_to_the_grammars() {
    let mut unknown = Vec::new();
    for row in STATEMENTS {
        if otel_sql::check(row.sql, row.dialect).is_err() {
            unknown.push(row.sql);
            continue;
        }
        let text = Statement::read(row.sql, row.dialect).text.unwrap();
        let again = Statement::read(&text, row.dialect);
        assert_eq!(again.text.as_deref(), Some(&*text), "{}", row.sql);
    }
    assert_eq!(unknown, table::UNKNOWN_TO_GRAMMARS);
}

#[test]
fn a_called_procedure_is_told() {
    let told = |sql, dialect| Statement::read(sql, dialect).procedure;
    let name = Some("shop.place_order".to_owned());
    assert_eq!(told("CALL shop.place_order(1, 'x')", Dialect::MySql), name);
    assert_eq!(
        told("EXEC shop.place_order @id = 1", Dialect::SqlServer),
        name
    );
    assert_eq!(told("EXECUTE prepared(1)", Dialect::PostgreSql), None);
    assert_eq!(told("SELECT place_order(1)", Dialect::PostgreSql), None);
}
