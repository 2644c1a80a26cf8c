//! The statements.

use otel_sql::Dialect;
use otel_sql::Dialect::{ClickHouse, Hive, MySql, Oracle, PostgreSql, SqlServer, Sqlite, Standard};

#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) dialect: Dialect,
    pub(crate) sql: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) collection: &'static str,
    /// `=` if the text stays as it is.
    pub(crate) text: &'static str,
}

const fn row(
    dialect: Dialect,
    sql: &'static str,
    summary: &'static str,
    operation: &'static str,
    collection: &'static str,
    text: &'static str,
) -> Row {
    Row {
        dialect,
        sql,
        summary,
        operation,
        collection,
        text,
    }
}

#[rustfmt::skip]
pub(crate) const STATEMENTS: &[Row] = &[
    // those of the semantic conventions
    row(Standard, "SELECT *\n   FROM   wuser_table\n   WHERE  username = ?", "SELECT wuser_table", "SELECT", "wuser_table", "SELECT * FROM wuser_table WHERE username = ?"),
    row(Standard, "INSERT INTO shipping_details (order_id, address) SELECT order_id, address FROM orders WHERE order_id = ?", "INSERT shipping_details SELECT orders", "INSERT", "", "="),
    row(Standard, "SELECT * FROM songs, artists WHERE songs.artist_id == artists.id", "SELECT songs artists", "SELECT", "", "="),
    row(Standard, "SELECT order_date FROM (SELECT * FROM orders o JOIN customers c ON o.customer_id = c.customer_id)", "SELECT SELECT orders customers", "SELECT", "", "="),
    row(Standard, "SELECT * FROM \"song list\", 'artists'", "SELECT \"song list\" 'artists'", "SELECT", "", "SELECT * FROM \"song list\", ?"),
    // plain
    row(PostgreSql, "SELECT id, name FROM users WHERE id = $1", "SELECT users", "SELECT", "users", "="),
    row(PostgreSql, "select id from Users where name = 'Ann' and age > 30", "select Users", "select", "Users", "select id from Users where name = ? and age > ?"),
    row(PostgreSql, "SELECT 1", "SELECT", "SELECT", "", "SELECT ?"),
    row(PostgreSql, "SELECT true, FALSE, null, -1.5e-7, 0x1F, .5", "SELECT", "SELECT", "", "SELECT ?, ?, null, -?, ?, ?"),
    row(PostgreSql, "DELETE FROM sessions WHERE expires < now() - INTERVAL '1 day'", "DELETE sessions", "DELETE", "sessions", "DELETE FROM sessions WHERE expires < now() - INTERVAL ?"),
    row(PostgreSql, "UPDATE users SET name = $1, age = age + 1 WHERE id = $2", "UPDATE users", "UPDATE", "users", "UPDATE users SET name = $1, age = age + ? WHERE id = $2"),
    row(PostgreSql, "INSERT INTO users (id, name) VALUES (1, 'it''s'), (2, 'b')", "INSERT users", "INSERT", "users", "INSERT INTO users (id, name) VALUES (?, ?), (?, ?)"),
    // names
    row(PostgreSql, "SELECT * FROM shop.users", "SELECT shop.users", "SELECT", "shop.users", "="),
    row(PostgreSql, "SELECT * FROM \"Shop\" . \"Users\" u", "SELECT \"Shop\".\"Users\"", "SELECT", "\"Shop\".\"Users\"", "="),
    row(PostgreSql, "SELECT \"select\".\"from\" FROM \"a \"\"b\"\"\"", "SELECT \"a \"\"b\"\"\"", "SELECT", "\"a \"\"b\"\"\"", "="),
    row(MySql, "SELECT `a``b`.`from` FROM `shop`.`orders` WHERE note = \"it's\"", "SELECT `shop`.`orders`", "SELECT", "`shop`.`orders`", "SELECT `a``b`.`from` FROM `shop`.`orders` WHERE note = ?"),
    row(SqlServer, "SELECT TOP 10 [Order Id] FROM [dbo].[Order Details] WHERE x = N'å' AND y = @p1", "SELECT [dbo].[Order Details]", "SELECT", "[dbo].[Order Details]", "SELECT TOP ? [Order Id] FROM [dbo].[Order Details] WHERE x = ? AND y = @p1"),
    row(SqlServer, "SELECT * FROM shop..users JOIN #tmp ON #tmp.id = users.id", "SELECT shop..users #tmp", "SELECT", "", "="),
    row(Sqlite, "SELECT [a b], \"c\", `d` FROM [my table]", "SELECT [my table]", "SELECT", "[my table]", "="),
    row(Standard, "SELECT größe FROM straße", "SELECT straße", "SELECT", "straße", "="),
    // joins
    row(PostgreSql, "SELECT u.id FROM users u LEFT JOIN orders AS o ON o.user_id = u.id, carts c INNER JOIN items USING (cart_id) WHERE u.id IN (1, 2, 3)", "SELECT users orders carts items", "SELECT", "", "SELECT u.id FROM users u LEFT JOIN orders AS o ON o.user_id = u.id, carts c INNER JOIN items USING (cart_id) WHERE u.id IN (?)"),
    row(PostgreSql, "SELECT * FROM employees e JOIN employees m ON e.boss = m.id", "SELECT employees employees", "SELECT", "employees", "="),
    row(PostgreSql, "SELECT * FROM (a CROSS JOIN b), LATERAL (SELECT * FROM c WHERE c.x = a.x) l", "SELECT a b SELECT c", "SELECT", "", "="),
    row(PostgreSql, "SELECT * FROM ONLY parents p, ROWS FROM (generate_series(1, 3)) r", "SELECT parents", "SELECT", "parents", "SELECT * FROM ONLY parents p, ROWS FROM (generate_series(?, ?)) r"),
    row(PostgreSql, "SELECT * FROM unnest($1::int[]) WITH ORDINALITY AS t(x, n) JOIN users ON users.id = x", "SELECT users", "SELECT", "users", "="),
    row(SqlServer, "SELECT * FROM orders CROSS APPLY dbo.lines(orders.id) l OUTER APPLY (SELECT TOP 1 * FROM notes) n", "SELECT orders SELECT notes", "SELECT", "", "SELECT * FROM orders CROSS APPLY dbo.lines(orders.id) l OUTER APPLY (SELECT TOP ? * FROM notes) n"),
    row(MySql, "SELECT a.x FROM a STRAIGHT_JOIN b USE INDEX (i) ON a.x = b.x LIMIT 5, 10", "SELECT a b", "SELECT", "", "SELECT a.x FROM a STRAIGHT_JOIN b USE INDEX (i) ON a.x = b.x LIMIT ?, ?"),
    // subqueries, `FROM` and `UPDATE` that begin nothing
    row(PostgreSql, "SELECT (SELECT max(x) FROM b) FROM a WHERE EXISTS (SELECT 1 FROM c) AND y IN (SELECT y FROM d)", "SELECT SELECT b a SELECT c SELECT d", "SELECT", "", "SELECT (SELECT max(x) FROM b) FROM a WHERE EXISTS (SELECT ? FROM c) AND y IN (SELECT y FROM d)"),
    row(PostgreSql, "SELECT EXTRACT(year FROM created), substring(name FROM 1 FOR 3), trim(BOTH ' ' FROM note) FROM events WHERE a IS DISTINCT FROM b FOR UPDATE OF events SKIP LOCKED", "SELECT events", "SELECT", "events", "SELECT EXTRACT(year FROM created), substring(name FROM ? FOR ?), trim(BOTH ? FROM note) FROM events WHERE a IS DISTINCT FROM b FOR UPDATE OF events SKIP LOCKED"),
    row(PostgreSql, "SELECT a FROM x UNION ALL SELECT a FROM y ORDER BY a LIMIT 10 OFFSET 20", "SELECT x SELECT y", "SELECT", "", "SELECT a FROM x UNION ALL SELECT a FROM y ORDER BY a LIMIT ? OFFSET ?"),
    row(PostgreSql, "(SELECT a FROM x) EXCEPT (SELECT a FROM y)", "SELECT x SELECT y", "SELECT", "", "="),
    row(PostgreSql, "SELECT * INTO TEMP fresh FROM users", "SELECT fresh users", "SELECT", "", "="),
    // CTEs
    row(PostgreSql, "WITH recent AS (SELECT * FROM orders WHERE day > $1) SELECT u.* FROM users u JOIN recent r ON r.user_id = u.id", "SELECT orders SELECT users", "SELECT", "", "="),
    row(PostgreSql, "WITH RECURSIVE tree(id, parent) AS (SELECT id, parent FROM nodes WHERE id = 1 UNION ALL SELECT n.id, n.parent FROM nodes n JOIN tree t ON n.parent = t.id) SELECT * FROM tree", "SELECT nodes SELECT nodes SELECT", "SELECT", "nodes", "WITH RECURSIVE tree(id, parent) AS (SELECT id, parent FROM nodes WHERE id = ? UNION ALL SELECT n.id, n.parent FROM nodes n JOIN tree t ON n.parent = t.id) SELECT * FROM tree"),
    row(PostgreSql, "WITH gone AS (DELETE FROM queue WHERE id = $1 RETURNING *), \"Kept\" AS MATERIALIZED (SELECT 1) INSERT INTO archive SELECT * FROM gone, \"Kept\"", "DELETE queue SELECT INSERT archive SELECT", "INSERT", "", "WITH gone AS (DELETE FROM queue WHERE id = $1 RETURNING *), \"Kept\" AS MATERIALIZED (SELECT ?) INSERT INTO archive SELECT * FROM gone, \"Kept\""),
    row(PostgreSql, "WITH a AS (UPDATE x SET n = 1 RETURNING id) SELECT id FROM a", "UPDATE x SELECT", "SELECT", "x", "WITH a AS (UPDATE x SET n = ? RETURNING id) SELECT id FROM a"),
    row(Sqlite, "INSERT INTO t WITH a AS (SELECT 1) SELECT * FROM a", "INSERT t SELECT SELECT", "INSERT", "t", "INSERT INTO t WITH a AS (SELECT ?) SELECT * FROM a"),
    row(SqlServer, "SELECT * FROM users WITH (NOLOCK) WHERE id = 1", "SELECT users", "SELECT", "users", "SELECT * FROM users WITH (NOLOCK) WHERE id = ?"),
    // comments
    row(PostgreSql, "/* who: 'ann' */ SELECT a -- the 'last'\nFROM t /* /* nested */ ' */ WHERE b = 2", "SELECT t", "SELECT", "t", "SELECT a FROM t WHERE b = ?"),
    row(MySql, "SELECT 5--1, a # 'rest\nFROM t -- x\n/*+ MAX_EXECUTION_TIME(1000) */ /*! STRAIGHT_JOIN */", "SELECT t", "SELECT", "t", "SELECT ?--?, a FROM t"),
    row(Standard, "SELECT a/b, a*b FROM t /* traceparent='00-4bf9-00f0-01' */", "SELECT t", "SELECT", "t", "SELECT a/b, a*b FROM t"),
    // PostgreSQL
    row(PostgreSql, "SELECT $1::text, '{1,2}'::int[], arr[1:2], data->>'name', data @> '{\"a\": 1}', data ? 'key', tags && ARRAY['a', 'b'] FROM docs", "SELECT docs", "SELECT", "docs", "SELECT $1::text, ?::int[], arr[?:?], data->>?, data @> ?, data ? ?, tags && ARRAY[?, ?] FROM docs"),
    row(PostgreSql, "INSERT INTO users AS u (id, n) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET n = u.n + 1 RETURNING id, n", "INSERT users", "INSERT", "users", "INSERT INTO users AS u (id, n) VALUES ($1, ?) ON CONFLICT (id) DO UPDATE SET n = u.n + ? RETURNING id, n"),
    row(PostgreSql, "SELECT $$it's$$, $tag$ $$ $other$ $tag$, E'it\\'s', U&'\\0041', B'101', X'1F', 'a' 'b'", "SELECT", "SELECT", "", "SELECT ?, ?, ?, ?, ?, ?, ? ?"),
    row(PostgreSql, "SELECT 'C:\\' AS dir, 'x' AS y FROM paths", "SELECT paths", "SELECT", "paths", "SELECT ? AS dir, ? AS y FROM paths"),
    row(PostgreSql, "DO $$ BEGIN PERFORM secret('x'); END $$", "DO", "DO", "", "DO ?"),
    row(PostgreSql, "UPDATE a SET x = b.x FROM b, c WHERE a.id = b.id", "UPDATE a b c", "UPDATE", "", "="),
    row(PostgreSql, "DELETE FROM a USING b JOIN c USING (id) WHERE a.id = b.id", "DELETE a b c", "DELETE", "", "="),
    row(PostgreSql, "COPY users (id, name) FROM STDIN WITH (FORMAT csv)", "COPY users", "COPY", "users", "="),
    row(PostgreSql, "COPY (SELECT * FROM users WHERE id = 7) TO '/tmp/x'", "COPY SELECT users", "COPY", "users", "COPY (SELECT * FROM users WHERE id = ?) TO ?"),
    row(PostgreSql, "TRUNCATE TABLE ONLY a, b RESTART IDENTITY", "TRUNCATE TABLE a b", "TRUNCATE TABLE", "", "="),
    row(PostgreSql, "LISTEN orders", "LISTEN", "LISTEN", "", "="),
    row(PostgreSql, "SET LOCAL app.user = 'ann'", "SET", "SET", "", "SET LOCAL app.user = ?"),
    row(PostgreSql, "PREPARE p AS INSERT INTO t VALUES ($1)", "PREPARE INSERT t", "PREPARE", "t", "="),
    row(PostgreSql, "VALUES (1, 'a'), (2, 'b')", "VALUES", "VALUES", "", "VALUES (?, ?), (?, ?)"),
    row(PostgreSql, "TABLE users", "TABLE users", "TABLE", "users", "="),
    row(PostgreSql, "GRANT SELECT, INSERT ON users TO ann", "GRANT", "GRANT", "", "="),
    // MySQL, MariaDB
    row(MySql, "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a)", "INSERT t", "INSERT", "t", "INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)"),
    row(MySql, "INSERT IGNORE t SET a = 'it\\'s', b = \"say \\\"x\\\"\"", "INSERT t", "INSERT", "t", "INSERT IGNORE t SET a = ?, b = ?"),
    row(MySql, "REPLACE INTO t VALUES (_utf8mb4'x', 0xFF, b'1')", "REPLACE t", "REPLACE", "t", "REPLACE INTO t VALUES (?, ?, ?)"),
    row(MySql, "DELETE a, b FROM a INNER JOIN b ON a.id = b.id WHERE a.x = 1", "DELETE a b", "DELETE", "", "DELETE a, b FROM a INNER JOIN b ON a.id = b.id WHERE a.x = ?"),
    row(MySql, "UPDATE LOW_PRIORITY a, b SET a.x = b.x, a.y = 1", "UPDATE a b", "UPDATE", "", "UPDATE LOW_PRIORITY a, b SET a.x = b.x, a.y = ?"),
    row(MySql, "SELECT @total := @total + x, @@session.sql_mode FROM t INTO @y", "SELECT t", "SELECT", "t", "="),
    row(MySql, "SHOW TABLES LIKE 'a%'", "SHOW", "SHOW", "", "SHOW TABLES LIKE ?"),
    row(MySql, "USE shop", "USE shop", "USE", "", "="),
    row(MySql, "CALL place_order(1, 'x')", "CALL place_order", "CALL", "", "CALL place_order(?, ?)"),
    row(MySql, "SELECT * FROM a WHERE x IN (?, ?, ?) AND y IN (-1, +2) AND z IN (a, 1)", "SELECT a", "SELECT", "a", "SELECT * FROM a WHERE x IN (?) AND y IN (?) AND z IN (a, ?)"),
    // SQLite
    row(Sqlite, "INSERT OR REPLACE INTO users VALUES (?1, :name, @mail, $age)", "INSERT users", "INSERT", "users", "="),
    row(Sqlite, "PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "PRAGMA", "", "="),
    row(Sqlite, "PRAGMA table_info('users')", "PRAGMA table_info", "PRAGMA", "", "PRAGMA table_info(?)"),
    row(Sqlite, "UPDATE OR IGNORE users SET name = x'00'", "UPDATE users", "UPDATE", "users", "UPDATE OR IGNORE users SET name = ?"),
    row(Sqlite, "CREATE VIRTUAL TABLE docs USING fts5(title, body)", "CREATE TABLE docs", "CREATE TABLE", "docs", "="),
    // others
    row(Oracle, "SELECT q'[it's]', nq'!a'b!', :1 FROM dual", "SELECT dual", "SELECT", "dual", "SELECT ?, ?, :1 FROM dual"),
    row(Oracle, "MERGE INTO stock s USING (SELECT * FROM deliveries) d ON (s.id = d.id) WHEN MATCHED THEN UPDATE SET n = 1 WHEN NOT MATCHED THEN INSERT (id) VALUES (d.id)", "MERGE stock SELECT deliveries", "MERGE", "", "MERGE INTO stock s USING (SELECT * FROM deliveries) d ON (s.id = d.id) WHEN MATCHED THEN UPDATE SET n = ? WHEN NOT MATCHED THEN INSERT (id) VALUES (d.id)"),
    row(SqlServer, "MERGE stock USING deliveries ON stock.id = deliveries.id WHEN MATCHED THEN DELETE;", "MERGE stock deliveries", "MERGE", "", "="),
    row(SqlServer, "EXEC sp_who @login = 'sa'", "EXEC sp_who", "EXEC", "", "EXEC sp_who @login = ?"),
    row(ClickHouse, "SELECT count() FROM hits PREWHERE day = '2026-01-01' WHERE url LIKE 'it\\'s%'", "SELECT hits", "SELECT", "hits", "SELECT count() FROM hits PREWHERE day = ? WHERE url LIKE ?"),
    row(Hive, "INSERT OVERWRITE TABLE days SELECT * FROM hits WHERE u = \"x\"", "INSERT days SELECT hits", "INSERT", "", "INSERT OVERWRITE TABLE days SELECT * FROM hits WHERE u = ?"),
    // DDL
    row(PostgreSql, "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name varchar(40) DEFAULT 'x', team int REFERENCES teams (id) ON DELETE CASCADE ON UPDATE CASCADE)", "CREATE TABLE users", "CREATE TABLE", "users", "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name varchar(?) DEFAULT ?, team int REFERENCES teams (id) ON DELETE CASCADE ON UPDATE CASCADE)"),
    row(PostgreSql, "create or replace temp view v as select * from users where id = 3", "create view v select users", "create view", "", "create or replace temp view v as select * from users where id = ?"),
    row(PostgreSql, "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_name ON shop.users (lower(name)) WHERE age > 3", "CREATE INDEX users_name shop.users", "CREATE INDEX", "shop.users", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_name ON shop.users (lower(name)) WHERE age > ?"),
    row(PostgreSql, "CREATE INDEX ON users (name)", "CREATE INDEX users", "CREATE INDEX", "users", "="),
    row(PostgreSql, "ALTER TABLE users ADD COLUMN note text DEFAULT 'x', DROP COLUMN old", "ALTER TABLE users", "ALTER TABLE", "users", "ALTER TABLE users ADD COLUMN note text DEFAULT ?, DROP COLUMN old"),
    row(PostgreSql, "DROP TABLE IF EXISTS a, b CASCADE", "DROP TABLE a b", "DROP TABLE", "", "="),
    row(PostgreSql, "DROP TABLE a, b; DELETE FROM c; CREATE INDEX i ON d (x); SELECT 1 FROM e", "DROP TABLE a b DELETE c CREATE INDEX i d SELECT e", "", "", "DROP TABLE a, b; DELETE FROM c; CREATE INDEX i ON d (x); SELECT ? FROM e"),
    row(PostgreSql, "CREATE USER ann PASSWORD 'secret'", "CREATE", "CREATE", "", "CREATE USER ann PASSWORD ?"),
    row(Sqlite, "CREATE TRIGGER log AFTER UPDATE ON users BEGIN INSERT INTO log VALUES ('x'); DELETE FROM t; END", "CREATE TRIGGER log", "CREATE TRIGGER", "", "CREATE TRIGGER log AFTER UPDATE ON users BEGIN INSERT INTO log VALUES (?); DELETE FROM t; END"),
    row(PostgreSql, "CREATE TABLE copies AS SELECT * FROM users", "CREATE TABLE copies SELECT users", "CREATE TABLE", "", "="),
    // transactions, several statements
    row(PostgreSql, "BEGIN", "BEGIN", "BEGIN", "", "="),
    row(MySql, "START TRANSACTION READ ONLY", "START TRANSACTION", "START TRANSACTION", "", "="),
    row(PostgreSql, "ROLLBACK TO SAVEPOINT _sqlx_savepoint_1", "ROLLBACK", "ROLLBACK", "", "="),
    row(PostgreSql, "BEGIN; INSERT INTO a VALUES (1); UPDATE b SET x = 'y'; COMMIT;", "BEGIN INSERT a UPDATE b COMMIT", "", "", "BEGIN; INSERT INTO a VALUES (?); UPDATE b SET x = ?; COMMIT;"),
    row(PostgreSql, ";; SELECT 1;;", "SELECT", "SELECT", "", ";; SELECT ?;;"),
    row(PostgreSql, "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM users WHERE id = 1", "EXPLAIN SELECT users", "EXPLAIN", "users", "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM users WHERE id = ?"),
    row(MySql, "EXPLAIN FORMAT=JSON UPDATE users SET a = 1", "EXPLAIN UPDATE users", "EXPLAIN", "users", "EXPLAIN FORMAT=JSON UPDATE users SET a = ?"),
    row(Sqlite, "EXPLAIN QUERY PLAN DELETE FROM users", "EXPLAIN DELETE users", "EXPLAIN", "users", "="),
    // words that are columns
    row(PostgreSql, "SELECT t.select, t.from, update, u.\"where\" FROM t WHERE replace(a, 'x', 'y') = 'z' AND insert = 1", "SELECT t", "SELECT", "t", "SELECT t.select, t.from, update, u.\"where\" FROM t WHERE replace(a, ?, ?) = ? AND insert = ?"),
    row(PostgreSql, "INSERT INTO flags (insert, update, delete) VALUES (true, false, $1)", "INSERT flags", "INSERT", "flags", "INSERT INTO flags (insert, update, delete) VALUES (?, ?, $1)"),
    row(PostgreSql, "SELECT first.true FROM first", "SELECT first", "SELECT", "first", "="),
    // no SQL
    row(Standard, "", "", "", "", "="),
    row(Standard, "hunter2 is my password", "", "", "", "="),
    row(Standard, "-- nothing", "", "", "", ""),
    row(Standard, "\0\u{1}SELECT\u{7} 1", "SELECT", "SELECT", "", "SELECT ?"),
];

/// What the grammars of `sqlparser` do not know, though databases do, or though it is none.
#[allow(dead_code, reason = "only where the grammars are there")]
pub(crate) const UNKNOWN_TO_GRAMMARS: &[&str] = &[
    "SELECT * FROM ONLY parents p, ROWS FROM (generate_series(1, 3)) r",
    "SELECT 5--1, a # 'rest\nFROM t -- x\n/*+ MAX_EXECUTION_TIME(1000) */ /*! STRAIGHT_JOIN */",
    "DO $$ BEGIN PERFORM secret('x'); END $$",
    "TABLE users",
    "UPDATE LOW_PRIORITY a, b SET a.x = b.x, a.y = 1",
    "SELECT @total := @total + x, @@session.sql_mode FROM t INTO @y",
    "PRAGMA journal_mode = WAL",
    "CREATE USER ann PASSWORD 'secret'",
    "",
    "hunter2 is my password",
    "-- nothing",
    "\0\u{1}SELECT\u{7} 1",
];
