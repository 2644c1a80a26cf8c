//! Metrics of pools of `bb8` and `deadpool`, full and not.

use std::fmt::Debug;
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use otelkit_observed::{Observed, assert_text};
use otelkit_redis::pool::{Pool, Pooling};
use redis::{AsyncCommands, pipe};

use super::{block_on, server};

/// Asks over two connections, and for a third that there is not.
async fn use_up<P: Pooling<Error: Debug>>(observed: &mut Observed, pool: &Pool<P>) {
    let mut one = pool.get().await.unwrap();
    let two = pool.get().await.unwrap();
    let () = one.set("a", "secret").await.unwrap();
    let (a,): (String,) = pipe().get("a").query_async(&mut one).await.unwrap();
    assert_eq!(a, "secret");
    let mut waiting = Box::pin(pool.get());
    let is_waiting = poll_fn(|cx| Poll::Ready(waiting.as_mut().poll(cx).is_pending())).await;
    assert!(is_waiting);
    assert_text(
        &observed.metrics("db.client.connection.pending", &[]),
        "db.client.connection.pending_requests{db.client.connection.pool.name=cache} 1",
    );
    // It is given up, and neither served nor too late.
    drop(waiting);
    assert!(pool.get().await.is_err());
    assert_text(
        &observed.metrics("db.client.connection.", &[]),
        "
        db.client.connection.count{db.client.connection.pool.name=cache, db.client.connection.state=idle} 0
        db.client.connection.count{db.client.connection.pool.name=cache, db.client.connection.state=used} 2
        db.client.connection.idle.max{db.client.connection.pool.name=cache} 2
        db.client.connection.max{db.client.connection.pool.name=cache} 2
        db.client.connection.pending_requests{db.client.connection.pool.name=cache} 0
        db.client.connection.timeouts{db.client.connection.pool.name=cache} 1
        db.client.connection.wait_time{db.client.connection.pool.name=cache} 2
        ",
    );
    drop((one, two));
    let text = observed.metrics("db.client.connection.", &[]);
    for line in [
        "db.client.connection.count{db.client.connection.pool.name=cache, db.client.connection.state=idle} 2\n",
        "db.client.connection.count{db.client.connection.pool.name=cache, db.client.connection.state=used} 0\n",
        "db.client.connection.use_time{db.client.connection.pool.name=cache} 2\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

/// What was asked of the program alone: nothing that the pool asked.
fn assert_spans(observed: &mut Observed, port: u16) {
    let port = port.to_string();
    assert_text(
        &observed.tree(2, &[(&port, "PORT")]),
        "
        client `SET 3` db.system.name=redis db.operation.name=SET db.namespace=3 server.address=127.0.0.1 server.port=PORT db.query.text=SET a ?
        client `GET 3` db.system.name=redis db.operation.name=GET db.namespace=3 server.address=127.0.0.1 server.port=PORT db.query.text=GET a
        ",
    );
}

/// Longer than it takes to be given a connection that is there.
const TIMEOUT: Duration = Duration::from_secs(2);

#[test]
fn a_pool_of_bb8_says_what_its_connections_do_and_what_is_waited_for() {
    let Some((server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    block_on(async {
        let builder = bb8::Pool::builder().max_size(2).connection_timeout(TIMEOUT);
        let info = client.get_connection_info().clone();
        let pool = Pool::new("cache", builder.build(client).await.unwrap());
        let pool = pool.of(&info).query_text(true);
        use_up(&mut observed, &pool).await;
    });
    assert_spans(&mut observed, server.port());
}

#[test]
fn a_pool_of_deadpool_says_what_its_connections_do_and_what_is_waited_for() {
    let Some((server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    block_on(async {
        let info = client.get_connection_info().clone();
        let manager = deadpool_redis::Manager::new(info.clone()).unwrap();
        let pool = deadpool_redis::Pool::builder(manager)
            .max_size(2)
            .wait_timeout(Some(TIMEOUT))
            .runtime(deadpool_redis::Runtime::Tokio1)
            .build()
            .unwrap();
        let pool = Pool::new("cache", pool).of(&info).query_text(true);
        use_up(&mut observed, &pool).await;
    });
    assert_spans(&mut observed, server.port());
}
