#[db_query("SELECT id FROM users WHERE name = 'Ann'", system = "postgresql", rows = |rows| rows.len(), slow = "200ms")]
fn literal() -> Vec<u64> {
    ask(QUERY)
}

#[traced(fields(user = id))]
#[metered(labels(tier: Tier = tier))]
#[db_query("INSERT INTO users (id) VALUES ($1)", system = "postgresql", batch = ids.len())]
async fn stacked(pool: &PgPool, ids: &[u64], tier: Tier) -> Result<(), Error> {
    ask(pool, QUERY).await
}

#[db_query(sql = STATEMENT, system = "mysql", pool = self.pool, namespace = tenant)]
fn constant(&self, tenant: &str) {
    ask(QUERY)
}

#[db_query(sql = &statement, system = OURS, server("db.example.com", 5432), unknown_to_all)]
fn wrong(statement: String) {}

#[db_query(sql = &statement, system = OURS, server("db.example.com", 5432), raw)]
fn given(statement: String) {}

#[db_query(system = "redis", operation = "GET", collection = "sessions", server(host, 6379))]
async fn get(host: String) -> Option<String> {
    None
}
