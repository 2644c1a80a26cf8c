//! A cluster of three.

use otelkit_observed::{Observed, assert_text};
use otelkit_redis::Traced;
use otelkit_servers::redis::Cluster;
use redis::cluster::{ClusterClient, cluster_pipe};
use redis::{AsyncCommands, Commands};

use super::block_on;

/// Keys of each of the nodes.
const KEYS: [&str; 3] = ["a", "b", "c"];

#[test]
fn commands_are_recorded_wherever_they_go() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let client = ClusterClient::new(cluster.urls()).unwrap();
    let mut observed = Observed::start();
    let connection = client.get_connection().unwrap();
    let mut connection = Traced::new(connection).server("cache.example", 7000);
    for key in KEYS {
        let () = connection.set(key, 1).unwrap();
    }
    let all: Vec<i64> = connection.mget(&KEYS).unwrap();
    assert_eq!(all, [1, 1, 1]);
    assert_text(
        &observed.tree(4, &[]),
        r#"
            client `SET 0` db.system.name=redis db.operation.name=SET db.namespace=0 server.address=cache.example server.port=7000
            client `SET 0` db.system.name=redis db.operation.name=SET db.namespace=0 server.address=cache.example server.port=7000
            client `SET 0` db.system.name=redis db.operation.name=SET db.namespace=0 server.address=cache.example server.port=7000
            client `MGET 0` db.system.name=redis db.operation.name=MGET db.namespace=0 server.address=cache.example server.port=7000
        "#,
    );
    // A pipeline of the cluster's own connection is not for a connection in front of it.
    let () = cluster_pipe()
        .set("a", 2)
        .query(connection.get_mut())
        .unwrap();
    let value: i64 = connection.get("a").unwrap();
    assert_eq!(value, 2);
    assert_eq!(observed.spans(1)[0].name, "GET 0");

    block_on(async {
        let connection = client.get_async_connection().await.unwrap();
        let mut connection = Traced::new(connection);
        for key in KEYS {
            let () = connection.set(key, 2).await.unwrap();
        }
        let (a, again): (i64, i64) = redis::pipe()
            .get("a")
            .get("a")
            .query_async(&mut connection)
            .await
            .unwrap();
        assert_eq!((a, again), (2, 2));
    });
    assert_text(
        &observed.tree(4, &[]),
        r#"
            client `SET 0` db.system.name=redis db.operation.name=SET db.namespace=0
            client `SET 0` db.system.name=redis db.operation.name=SET db.namespace=0
            client `SET 0` db.system.name=redis db.operation.name=SET db.namespace=0
            client `PIPELINE GET 0` db.system.name=redis db.operation.name=PIPELINE GET db.namespace=0 db.operation.batch.size=2
        "#,
    );
}
