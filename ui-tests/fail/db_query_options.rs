use otel_runtime::db_query;

#[db_query("SELECT 1")]
fn no_system() {}

#[db_query(system = "postgresql")]
fn no_statement() {}

#[db_query("SELECT 1", system = "postgres")]
fn unknown_system() {}

#[db_query("SELECT 1", system = 7)]
fn system_of_another_kind() {}

#[db_query("SELECT 1", system = "sqlite", row = |rows| 1)]
fn unknown_option() {}

#[db_query("SELECT 1", system = "sqlite", fields(a = 1))]
fn option_of_the_span() {}

#[db_query("SELECT 1", sql = "SELECT 2", system = "sqlite")]
fn two_statements() {}

#[db_query(sql = statement, system = "sqlite", unchecked)]
fn nothing_to_check(statement: &str) {}

#[db_query("SELECT 1", system = "mysql", server("a", 1), pool = pool)]
fn two_servers(pool: u8) {}

#[db_query("SELECT 1", system = "mysql", server)]
fn no_server() {}

#[db_query("SELECT 1", system = "mysql", server("a", 1, 2))]
fn too_much_of_a_server() {}

#[db_query("SELECT 1", system = "mysql", slow = 200)]
fn no_duration() {}

#[db_query("SELECT 1", system = "mysql", raw = true)]
fn no_flag() {}

#[db_query(system = "redis", operation = get)]
fn no_text() {}

#[db_query("SELECT 1", system = "mysql", system = "mysql")]
fn twice() {}

#[db_query("SELECT 1" system = "mysql")]
fn no_comma() {}

#[db_query("SELECT 1", system = "mysql", rows = |rows| 1)]
fn no_value() {}

struct Users;

#[db_query("SELECT 1", system = "sqlite")]
impl Users {}

fn main() {}
