use otel_runtime::db_query;

#[db_query("SELECT id FORM users", system = "postgresql")]
fn in_one_line() {}

#[db_query(
    r#"
    SELECT id, name
      FROM users
     WHERE id = = 1
    "#,
    system = "mysql"
)]
fn in_several_lines() {}

#[db_query("SELECT \"id FROM users", system = "sqlite")]
fn open_quote() {}

#[db_query("", system = "sqlite")]
fn nothing() {}

#[db_query("GET a", system = "redis")]
fn no_sql() {}

fn main() {}
