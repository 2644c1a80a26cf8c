//! Every statement that reads or writes resources.
//!
//! Lists of ids are one parameter, a JSON array: one prepared statement, whatever their number.

use super::dialect::{Statement, statement};

pub(super) const BEGIN: Statement = Statement::new("BEGIN IMMEDIATE", "BEGIN", "BEGIN");

pub(super) const COUNT: Statement = statement!("SELECT count(*) FROM resource");

pub(super) const RESOURCE: Statement = statement!("SELECT * FROM resource WHERE id = " 1 "");

pub(super) const RESOURCE_BY_KEY: Statement = statement!(
    "SELECT * FROM resource WHERE name = " 1 " AND version = " 2 " AND source = " 3 ""
);

pub(super) const RESOURCES: Statement = statement!("SELECT * FROM resource ORDER BY id");

pub(super) const EDGES: Statement =
    statement!("SELECT dependent, dependency FROM dependency ORDER BY 1, 2");

pub(super) const DEPENDENCIES: Statement = statement!(
    "SELECT resource.* FROM dependency JOIN resource ON resource.id = dependency \
     WHERE dependent = " 1 " ORDER BY name, version, source"
);

pub(super) const DEPENDENTS: Statement = statement!(
    "SELECT resource.* FROM dependency JOIN resource ON resource.id = dependent \
     WHERE dependency = " 1 " ORDER BY name, version, source"
);

/// A line break is in none of the three, nor in what is searched for.
pub(super) const SEARCH: Statement = Statement::new(
    "SELECT * FROM resource \
     WHERE name || char(10) || version || char(10) || source LIKE $1 ESCAPE '!' \
     ORDER BY name, version, source LIMIT $2",
    "SELECT * FROM resource \
     WHERE name || chr(10) || version || chr(10) || source ILIKE $1 ESCAPE '!' \
     ORDER BY name, version, source LIMIT $2",
    "SELECT * FROM resource \
     WHERE lower(concat(name, char(10), version, char(10), source)) LIKE lower(?) ESCAPE '!' \
     ORDER BY name, version, source LIMIT ?",
);

pub(super) const MISSING: Statement = Statement::new(
    "SELECT value FROM json_each($1) \
     WHERE NOT EXISTS (SELECT 1 FROM resource WHERE id = value)",
    "SELECT value::bigint FROM json_array_elements_text($1::json) \
     WHERE NOT EXISTS (SELECT 1 FROM resource WHERE id = value::bigint)",
    "SELECT value FROM json_table(?, '$[*]' COLUMNS (value BIGINT PATH '$')) AS given \
     WHERE NOT EXISTS (SELECT 1 FROM resource WHERE id = value)",
);

pub(super) const INSERT_RESOURCE: Statement = Statement::new(
    "INSERT INTO resource (name, version, source, checksum, origin) \
     VALUES ($1, $2, $3, $4, $5) RETURNING id",
    "INSERT INTO resource (name, version, source, checksum, origin) \
     VALUES ($1, $2, $3, $4, $5) RETURNING id",
    "INSERT INTO resource (name, version, source, checksum, origin) VALUES (?, ?, ?, ?, ?)",
);

pub(super) const UPDATE_RESOURCE: Statement = statement!(
    "UPDATE resource SET name = " 1 ", version = " 2 ", source = " 3 ", checksum = " 4
    " WHERE id = " 5 ""
);

pub(super) const INSERT_DEPENDENCIES: Statement = Statement::new(
    "INSERT INTO dependency (dependent, dependency) SELECT $1, value FROM json_each($2)",
    "INSERT INTO dependency (dependent, dependency) \
     SELECT $1, value::bigint FROM json_array_elements_text($2::json)",
    "INSERT INTO dependency (dependent, dependency) \
     SELECT ?, value FROM json_table(?, '$[*]' COLUMNS (value BIGINT PATH '$')) AS given",
);

pub(super) const INSERT_DEPENDENTS: Statement = Statement::new(
    "INSERT INTO dependency (dependency, dependent) SELECT $1, value FROM json_each($2)",
    "INSERT INTO dependency (dependency, dependent) \
     SELECT $1, value::bigint FROM json_array_elements_text($2::json)",
    "INSERT INTO dependency (dependency, dependent) \
     SELECT ?, value FROM json_table(?, '$[*]' COLUMNS (value BIGINT PATH '$')) AS given",
);

pub(super) const DELETE_DEPENDENCIES: Statement =
    statement!("DELETE FROM dependency WHERE dependent = " 1 "");

/// UNION, not UNION ALL: what was met before is not followed again, so cycles end.
pub(super) const WITH_ALL_DEPENDENTS: Statement = statement!(
    "WITH RECURSIVE affected (id) AS ( \
         SELECT id FROM resource WHERE id = " 1 " \
         UNION \
         SELECT dependent FROM affected JOIN dependency ON dependency = affected.id \
     ) SELECT id FROM affected"
);

pub(super) const DELETE_DEPENDENCIES_OF: Statement = Statement::new(
    "DELETE FROM dependency WHERE dependent IN (SELECT value FROM json_each($1))",
    "DELETE FROM dependency WHERE dependent IN \
     (SELECT value::bigint FROM json_array_elements_text($1::json))",
    "DELETE FROM dependency WHERE dependent IN \
     (SELECT value FROM json_table(?, '$[*]' COLUMNS (value BIGINT PATH '$')) AS given)",
);

pub(super) const DELETE_RESOURCES: Statement = Statement::new(
    "DELETE FROM resource WHERE id IN (SELECT value FROM json_each($1))",
    "DELETE FROM resource WHERE id IN \
     (SELECT value::bigint FROM json_array_elements_text($1::json))",
    "DELETE FROM resource WHERE id IN \
     (SELECT value FROM json_table(?, '$[*]' COLUMNS (value BIGINT PATH '$')) AS given)",
);
