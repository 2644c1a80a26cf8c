//! Metrics of a pool of `r2d2`, full and not.

use std::time::Duration;

use opentelemetry_semantic_conventions::metric as conventions;
use otelkit_observed::{Observed, assert_text};
use otelkit_redis::pool::r2d2::{Manager, observe};
use redis::{Commands, ConnectionLike, RedisResult, pipe};

use super::server;

#[test]
fn a_pool_says_what_its_connections_do_and_what_is_waited_for() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let manager = Manager::new("cache", client).query_text(true);
    let pool = r2d2::Pool::builder()
        .max_size(2)
        .min_idle(Some(1))
        .connection_timeout(Duration::from_secs(60))
        .event_handler(manager.events())
        .build(manager)
        .unwrap();
    let _watched = observe("cache", &pool);
    let mut one = pool.get().unwrap();
    let two = pool.get().unwrap();
    let () = one.set("a", "secret").unwrap();
    // A pipeline through the pool's own type.
    let (a,): (String,) = pipe().get("a").query(&mut *one).unwrap();
    assert_eq!(a, "secret");
    // There is no third.
    assert!(pool.get_timeout(Duration::from_millis(1)).is_err());
    assert_text(
        &observed.metrics("db.client.connection.", &[]),
        "
        db.client.connection.count{db.client.connection.pool.name=cache, db.client.connection.state=idle} 0
        db.client.connection.count{db.client.connection.pool.name=cache, db.client.connection.state=used} 2
        db.client.connection.create_time{db.client.connection.pool.name=cache} 2
        db.client.connection.idle.max{db.client.connection.pool.name=cache} 2
        db.client.connection.idle.min{db.client.connection.pool.name=cache} 1
        db.client.connection.max{db.client.connection.pool.name=cache} 2
        db.client.connection.timeouts{db.client.connection.pool.name=cache} 1
        db.client.connection.wait_time{db.client.connection.pool.name=cache} 2
        ",
    );
    drop((one, two));
    let text = observed.metrics("db.client.connection.", &[]);
    for line in [
        "db.client.connection.count{db.client.connection.pool.name=cache, db.client.connection.state=used} 0\n",
        "db.client.connection.use_time{db.client.connection.pool.name=cache} 2\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    // What the pool asks is not recorded.
    let names: Vec<_> = observed.spans(2).into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["SET 3", "GET 3"]);
    let names = [
        conventions::DB_CLIENT_CONNECTION_COUNT,
        conventions::DB_CLIENT_CONNECTION_CREATE_TIME,
        conventions::DB_CLIENT_CONNECTION_IDLE_MAX,
        conventions::DB_CLIENT_CONNECTION_IDLE_MIN,
        conventions::DB_CLIENT_CONNECTION_MAX,
        conventions::DB_CLIENT_CONNECTION_TIMEOUTS,
        conventions::DB_CLIENT_CONNECTION_USE_TIME,
        conventions::DB_CLIENT_CONNECTION_WAIT_TIME,
    ];
    let metrics = observed.reading();
    let ours: Vec<_> = metrics.list.iter().map(|metric| &*metric.name).collect();
    for name in names {
        assert!(ours.contains(&name), "{name}");
    }
}

#[test]
fn a_connection_that_is_lost_is_replaced_and_recorded_again() {
    let Some((server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let manager = Manager::new("cache", client);
    let pool = r2d2::Pool::builder().max_size(1).build(manager).unwrap();
    let mut connection = pool.get().unwrap();
    assert!(connection.is_open());
    // The server ends it, as it ends those that are idle for too long.
    let other = redis::Client::open(server.url()).unwrap();
    let kill: i64 = redis::cmd("CLIENT")
        .arg(&["KILL", "TYPE", "normal", "SKIPME", "yes"])
        .query(&mut other.get_connection().unwrap())
        .unwrap();
    assert_eq!(kill, 1);
    let gone: RedisResult<()> = connection.get("a");
    gone.unwrap_err();
    drop(connection);
    let missing: Option<i64> = pool.get().unwrap().get("a").unwrap();
    assert_eq!(missing, None);
    let outcomes: Vec<_> = observed.spans(2).into_iter().map(|it| it.outcome).collect();
    use otel_runtime::export::Outcome;
    assert_eq!(outcomes, [Outcome::Error, Outcome::Ok]);
}
