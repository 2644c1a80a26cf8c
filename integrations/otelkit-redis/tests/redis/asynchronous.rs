//! Connections that are awaited, and shared.

use otel_runtime::traced;
use otelkit_observed::{Observed, assert_text};
use otelkit_redis::Traced;
use redis::aio::ConnectionLike;
use redis::{AsyncCommands, RedisResult, pipe};

use super::{block_on, hidden, server};

#[traced(name = "visit")]
async fn visit(connection: &mut (impl ConnectionLike + Send + Sync)) -> RedisResult<i64> {
    let () = connection.set("visits", 1).await?;
    let (_, visits): ((), i64) = pipe()
        .atomic()
        .set("visits", 5)
        .incr("visits", 1)
        .query_async(connection)
        .await?;
    Ok(visits)
}

#[test]
fn a_multiplexed_connection_and_its_clones_are_recorded() {
    let Some((server, client)) = server() else {
        return;
    };
    let port = hidden(&server.port());
    let mut observed = Observed::start();
    block_on(async {
        let connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut connection = Traced::new(connection).of(client.get_connection_info());
        assert_eq!(visit(&mut connection).await.unwrap(), 6);
        let mut clone = connection.clone();
        let visits: i64 = tokio::spawn(async move { clone.get("visits").await.unwrap() })
            .await
            .unwrap();
        assert_eq!(visits, 6);
        // Nobody polls this one: nothing is asked.
        drop(
            redis::cmd("GET")
                .arg("a")
                .query_async::<()>(&mut connection),
        );
    });
    assert_text(
        &observed.tree(4, &[(&port, "PORT")]),
        r#"
            internal `visit`
              client `SET 3` db.system.name=redis db.operation.name=SET db.namespace=3 server.address=127.0.0.1 server.port=PORT
              client `MULTI 3` db.system.name=redis db.operation.name=MULTI db.namespace=3 db.operation.batch.size=2 server.address=127.0.0.1 server.port=PORT
            client `GET 3` db.system.name=redis db.operation.name=GET db.namespace=3 server.address=127.0.0.1 server.port=PORT
        "#,
    );
    assert_text(
        &observed.metrics("db.", &[(&port, "PORT")]),
        r#"
            db.client.operation.duration{db.system.name=redis, db.operation.name=GET, db.namespace=3, server.address=127.0.0.1, server.port=PORT} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=MULTI, db.namespace=3, server.address=127.0.0.1, server.port=PORT} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=SET, db.namespace=3, server.address=127.0.0.1, server.port=PORT} 1
        "#,
    );
}

#[test]
fn so_is_a_manager() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    block_on(async {
        let manager = client.get_connection_manager().await.unwrap();
        let mut connection = Traced::new(manager).server("cache.example", 6379);
        assert_eq!(visit(&mut connection).await.unwrap(), 6);
    });
    assert_text(
        &observed.tree(3, &[]),
        r#"
            internal `visit`
              client `SET 3` db.system.name=redis db.operation.name=SET db.namespace=3 server.address=cache.example
              client `MULTI 3` db.system.name=redis db.operation.name=MULTI db.namespace=3 db.operation.batch.size=2 server.address=cache.example
        "#,
    );
}
