//! A server that a sentinel names.

use otelkit_observed::{Observed, assert_text};
use otelkit_redis::Traced;
use otelkit_servers::redis::Sentinel;
use redis::sentinel::{SentinelClient, SentinelServerType};
use redis::{AsyncCommands, Commands};

use super::block_on;

#[test]
fn its_connections_are_recorded_sync_and_async() {
    let Some(sentinel) = Sentinel::start() else {
        return;
    };
    let mut client = SentinelClient::build(
        vec![sentinel.url()],
        "main".to_owned(),
        None,
        SentinelServerType::Master,
    )
    .unwrap();
    let mut observed = Observed::start();
    let connection = client.get_connection().unwrap();
    let mut connection = Traced::new(connection).server("main", 6379);
    let () = connection.set("a", 1).unwrap();
    block_on(async {
        let connection = client.get_async_connection().await.unwrap();
        let mut connection = Traced::new(connection).server("main", 6379);
        let a: i64 = connection.get("a").await.unwrap();
        assert_eq!(a, 1);
    });
    assert_text(
        &observed.tree(2, &[]),
        r#"
            client `SET 0` db.system.name=redis db.operation.name=SET db.namespace=0 server.address=main
            client `GET 0` db.system.name=redis db.operation.name=GET db.namespace=0 server.address=main
        "#,
    );
}
