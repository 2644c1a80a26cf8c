//! Connections that block.

use otel_runtime::traced;
use otelkit_observed::{Observed, assert_text};
use otelkit_redis::Traced;
use redis::{Commands, ConnectionLike, RedisResult, Script, pipe};

use super::{hidden, server};

#[traced(name = "visit")]
fn visit(connection: &mut impl ConnectionLike) -> RedisResult<i64> {
    let () = connection.set("visits", 1)?;
    connection.incr("visits", 1)
}

#[test]
fn each_command_is_a_span_below_the_callers_and_a_duration() {
    let Some((server, client)) = server() else {
        return;
    };
    let port = hidden(&server.port());
    let mut observed = Observed::start();
    let connection = client.get_connection().unwrap();
    let mut connection = Traced::new(connection).of(client.get_connection_info());
    assert_eq!(visit(&mut connection).unwrap(), 2);
    assert!(connection.is_open() && connection.check_connection());
    assert_eq!(connection.get_db(), 3);
    assert_text(
        &observed.tree(3, &[(&port, "PORT")]),
        r#"
            internal `visit`
              client `SET 3` db.system.name=redis db.operation.name=SET db.namespace=3 server.address=127.0.0.1 server.port=PORT
              client `INCRBY 3` db.system.name=redis db.operation.name=INCRBY db.namespace=3 server.address=127.0.0.1 server.port=PORT
        "#,
    );
    assert_text(
        &observed.metrics("db.", &[(&port, "PORT")]),
        r#"
            db.client.operation.duration{db.system.name=redis, db.operation.name=INCRBY, db.namespace=3, server.address=127.0.0.1, server.port=PORT} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=SET, db.namespace=3, server.address=127.0.0.1, server.port=PORT} 1
        "#,
    );
}

#[test]
fn pipelines_and_transactions_are_one_span_each() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let mut connection = Traced::new(client.get_connection().unwrap());
    let () = pipe()
        .set("a", 1)
        .set("b", 2)
        .query(&mut connection)
        .unwrap();
    let (a, b): (i64, i64) = pipe()
        .atomic()
        .get("a")
        .get("b")
        .query(&mut connection)
        .unwrap();
    assert_eq!((a, b), (1, 2));
    let (c,): (i64,) = pipe()
        .atomic()
        .set("c", 3)
        .ignore()
        .incr("c", 1)
        .query(&mut connection)
        .unwrap();
    assert_eq!(c, 4);
    let (one,): (i64,) = pipe().get("c").query(&mut connection).unwrap();
    assert_eq!(one, 4);
    let key = "watched";
    let (doubled,): (i64,) = redis::transaction(&mut connection, &[key], |connection, pipe| {
        let old: Option<i64> = connection.get(key)?;
        pipe.set(key, old.unwrap_or(1) * 2)
            .ignore()
            .get(key)
            .query(connection)
    })
    .unwrap();
    assert_eq!(doubled, 2);
    assert_text(
        &observed.tree(8, &[]),
        r#"
            client `PIPELINE SET 3` db.system.name=redis db.operation.name=PIPELINE SET db.namespace=3 db.operation.batch.size=2
            client `MULTI GET 3` db.system.name=redis db.operation.name=MULTI GET db.namespace=3 db.operation.batch.size=2
            client `MULTI 3` db.system.name=redis db.operation.name=MULTI db.namespace=3 db.operation.batch.size=2
            client `GET 3` db.system.name=redis db.operation.name=GET db.namespace=3
            client `WATCH 3` db.system.name=redis db.operation.name=WATCH db.namespace=3
            client `GET 3` db.system.name=redis db.operation.name=GET db.namespace=3
            client `MULTI 3` db.system.name=redis db.operation.name=MULTI db.namespace=3 db.operation.batch.size=2
            client `UNWATCH 3` db.system.name=redis db.operation.name=UNWATCH db.namespace=3
        "#,
    );
}

#[test]
fn the_text_shows_keys_and_never_a_value() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let connection = client.get_connection().unwrap();
    let mut connection = Traced::new(connection).query_text(true);
    let () = connection.hset("user:7", "mail", "secret").unwrap();
    let () = pipe()
        .mset(&[("a", "secret"), ("b", "secret")])
        .get("a")
        .query(&mut connection)
        .unwrap();
    let all: Vec<String> = connection
        .scan()
        .unwrap()
        .collect::<RedisResult<_>>()
        .unwrap();
    assert_eq!(all.len(), 3);
    let spans = observed.tree(3, &[]);
    assert!(!spans.contains("secret"), "{spans}");
    assert_text(
        &spans,
        r#"
            client `HSET 3` db.system.name=redis db.operation.name=HSET db.namespace=3 db.query.text=HSET user:7 ? ?
            client `PIPELINE 3` db.system.name=redis db.operation.name=PIPELINE db.namespace=3 db.operation.batch.size=2 db.query.text=MSET a ? b ?; GET a
            client `SCAN 3` db.system.name=redis db.operation.name=SCAN db.namespace=3 db.query.text=SCAN 0
        "#,
    );
}

#[test]
fn a_script_is_what_its_commands_are() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let mut connection = Traced::new(client.get_connection().unwrap());
    let script = Script::new("return ARGV[1] * 2");
    let twice: i64 = script.arg(21).invoke(&mut connection).unwrap();
    assert_eq!(twice, 42);
    assert_text(
        &observed.tree(3, &[]),
        r#"
            client `EVALSHA 3` db.system.name=redis db.operation.name=EVALSHA db.namespace=3 db.response.status_code=NOSCRIPT error.type=NOSCRIPT otelkit.error.class=not_found [status error: NoScript: No matching script. Please use EVAL.] [error]
              * exception: NoScript: No matching script. Please use EVAL.
            client `SCRIPT 3` db.system.name=redis db.operation.name=SCRIPT db.namespace=3
            client `EVALSHA 3` db.system.name=redis db.operation.name=EVALSHA db.namespace=3
        "#,
    );
}

#[test]
fn what_is_asked_of_the_connection_itself_is_not_recorded() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let mut connection = Traced::new(client.get_connection().unwrap());
    let () = connection.get_mut().set("a", 1).unwrap();
    let _: i64 = connection.get("a").unwrap();
    assert!(connection.get_ref().is_open());
    let _: i64 = connection.into_inner().get("a").unwrap();
    let names: Vec<_> = observed.spans(1).into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["GET 3"]);
}

#[test]
fn a_pooled_connection_is_one_like_any_other() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let pool = r2d2::Pool::builder().max_size(1).build(client).unwrap();
    let mut connection = Traced::new(pool.get().unwrap());
    let () = connection.set("a", 1).unwrap();
    assert_eq!(observed.spans(1)[0].name, "SET 3");
}
