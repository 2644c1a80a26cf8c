//! The database, by plain sqlx.

use otel_runtime::traced;
use sqlx::SqlitePool;
use sqlx::sqlite::SqlitePoolOptions;

pub(crate) async fn open() -> sqlx::Result<SqlitePool> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect("sqlite::memory:")
        .await?;
    sqlx::query("CREATE TABLE stock (item TEXT, count INTEGER)")
        .execute(&pool)
        .await?;
    sqlx::query("CREATE TABLE orders (item TEXT, price INTEGER)")
        .execute(&pool)
        .await?;
    Ok(pool)
}

#[traced(name = "save")]
pub(crate) async fn save(pool: &SqlitePool, item: &str, price: u64) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO orders (item, price) VALUES (?, ?)")
        .bind(item)
        .bind(price.cast_signed())
        .execute(pool)
        .await?;
    Ok(())
}

#[traced(name = "count")]
pub(crate) async fn count(pool: &SqlitePool, item: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM stock WHERE item = ?")
        .bind(item)
        .fetch_one(pool)
        .await
}

#[traced(name = "refill")]
pub(crate) async fn refill(pool: &SqlitePool, item: &str) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query("DELETE FROM stock WHERE item = ?")
        .bind(item)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("INSERT INTO stock (item, count) VALUES (?, 7)")
        .bind(item)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}
