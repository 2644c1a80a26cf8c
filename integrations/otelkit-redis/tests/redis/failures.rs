//! Errors of each kind, calls that are given up, and a server that is killed.

use std::time::Duration;

use otel_runtime::export::{Outcome, SpanData, ValueData};
use otelkit_observed::{Observed, assert_text};
use otelkit_redis::Traced;
use otelkit_servers::redis::Redis;
use redis::{AsyncCommands, AsyncConnectionConfig, Client, Commands, RedisResult, pipe};

use super::{block_on, server};

fn text<'a>(span: &'a SpanData, key: &str) -> Option<&'a str> {
    let found = span.attributes.iter().find(|(known, _)| known == key);
    match &found?.1 {
        ValueData::Str(text) => Some(text),
        other => panic!("{other:?}"),
    }
}

/// The name, the outcome, `error.type` and `db.response.status_code` of each span.
fn ends(spans: &[SpanData]) -> Vec<(&str, Outcome, Option<&str>, Option<&str>)> {
    spans
        .iter()
        .map(|span| {
            let status = text(span, "db.response.status_code");
            (&*span.name, span.outcome, text(span, "error.type"), status)
        })
        .collect()
}

#[test]
fn the_prefix_of_an_error_is_its_type_alone_and_in_batches() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let mut connection = Traced::new(client.get_connection().unwrap());
    let () = connection.set("text", "a").unwrap();
    let wrong: RedisResult<()> = connection.lpush("text", 1);
    wrong.unwrap_err();
    let unknown: RedisResult<()> = redis::cmd("NOSUCH").arg("secret").query(&mut connection);
    unknown.unwrap_err();
    let batch: RedisResult<()> = pipe().get("text").lpush("text", 1).query(&mut connection);
    batch.unwrap_err();
    let transaction: RedisResult<()> = pipe()
        .atomic()
        .set("text", "b")
        .lpush("text", 1)
        .query(&mut connection);
    transaction.unwrap_err();
    let aborted: RedisResult<()> = pipe()
        .atomic()
        .cmd("NOSUCH")
        .set("text", "b")
        .query(&mut connection);
    aborted.unwrap_err();
    let spans = observed.spans(6);
    let failed = |name, code| (name, Outcome::Error, Some(code), Some(code));
    assert_eq!(
        ends(&spans),
        [
            ("SET 3", Outcome::Ok, None, None),
            failed("LPUSH 3", "WRONGTYPE"),
            failed("NOSUCH 3", "ERR"),
            failed("PIPELINE 3", "WRONGTYPE"),
            failed("MULTI 3", "WRONGTYPE"),
            failed("MULTI 3", "EXECABORT"),
        ]
    );
    // The server quotes what it was asked.
    assert!(!format!("{spans:?}").contains("secret"), "{spans:?}");
    assert_text(
        &observed.metrics("db.", &[]),
        r#"
            db.client.operation.duration{db.system.name=redis, db.operation.name=LPUSH, db.namespace=3, error.type=WRONGTYPE, db.response.status_code=WRONGTYPE} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=MULTI, db.namespace=3, error.type=EXECABORT, db.response.status_code=EXECABORT} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=MULTI, db.namespace=3, error.type=WRONGTYPE, db.response.status_code=WRONGTYPE} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=NOSUCH, db.namespace=3, error.type=ERR, db.response.status_code=ERR} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=PIPELINE, db.namespace=3, error.type=WRONGTYPE, db.response.status_code=WRONGTYPE} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=SET, db.namespace=3} 1
        "#,
    );
}

#[test]
fn an_error_is_told_with_its_message_and_class() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let mut connection = Traced::new(client.get_connection().unwrap());
    let () = connection.set("text", "a").unwrap();
    let wrong: RedisResult<()> = connection.lpush("text", 1);
    wrong.unwrap_err();
    assert_text(
        &observed.tree(2, &[]),
        r#"
            client `SET 3` db.system.name=redis db.operation.name=SET db.namespace=3
            client `LPUSH 3` db.system.name=redis db.operation.name=LPUSH db.namespace=3 db.response.status_code=WRONGTYPE error.type=WRONGTYPE otelkit.error.class=failed_precondition [status error: "WRONGTYPE": Operation against a key holding the wrong kind of value] [error]
              * exception: "WRONGTYPE": Operation against a key holding the wrong kind of value
        "#,
    );
}

#[test]
fn an_answer_of_another_kind_is_no_failure_of_the_call() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let mut connection = Traced::new(client.get_connection().unwrap());
    let () = connection.set("text", "a").unwrap();
    // What the program makes of it comes after the call.
    let number: RedisResult<i64> = connection.get("text");
    number.unwrap_err();
    let spans = observed.spans(2);
    assert_eq!(ends(&spans)[1], ("GET 3", Outcome::Ok, None, None));
}

#[test]
fn a_call_that_is_dropped_was_cancelled_and_one_that_takes_too_long_timed_out() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    block_on(async {
        let impatient =
            AsyncConnectionConfig::new().set_response_timeout(Some(Duration::from_millis(20)));
        let connection = client
            .get_multiplexed_async_connection_with_config(&impatient)
            .await
            .unwrap();
        let mut connection = Traced::new(connection);
        let timeout: RedisResult<()> = connection.blpop("nothing", 0.0).await;
        timeout.unwrap_err();
        let patient = AsyncConnectionConfig::new().set_response_timeout(None);
        let connection = client
            .get_multiplexed_async_connection_with_config(&patient)
            .await
            .unwrap();
        let mut connection = Traced::new(connection);
        let mut never = std::pin::pin!(connection.blpop::<_, ()>("nothing", 0.0));
        let waker = std::task::Waker::noop();
        let polled = never
            .as_mut()
            .poll(&mut std::task::Context::from_waker(waker));
        assert!(polled.is_pending());
    });
    let spans = observed.spans(2);
    assert_eq!(
        ends(&spans),
        [
            ("BLPOP 3", Outcome::Error, Some("redis::Timeout"), None),
            ("BLPOP 3", Outcome::Cancelled, None, None),
        ]
    );
    assert_text(
        &observed.metrics("db.", &[]),
        r#"
            db.client.operation.duration{db.system.name=redis, db.operation.name=BLPOP, db.namespace=3, error.type=cancelled} 1
            db.client.operation.duration{db.system.name=redis, db.operation.name=BLPOP, db.namespace=3, error.type=redis::Timeout} 1
        "#,
    );
}

#[test]
fn a_server_that_is_killed_half_way_is_an_error_of_the_network() {
    let Some(mut server) = Redis::start() else {
        return;
    };
    let client = Client::open(server.url()).unwrap();
    let mut observed = Observed::start();
    let mut connection = Traced::new(client.get_connection().unwrap());
    let waiting = std::thread::spawn(move || {
        let gone: RedisResult<()> = connection.blpop("nothing", 0.0);
        gone.unwrap_err();
        let gone: RedisResult<()> = connection.set("a", 1);
        gone.unwrap_err();
    });
    // The command has arrived when the server knows of somebody who waits.
    let mut other = client.get_connection().unwrap();
    loop {
        let info: String = redis::cmd("INFO").arg("clients").query(&mut other).unwrap();
        if info.contains("blocked_clients:1") {
            break;
        }
    }
    server.kill();
    waiting.join().unwrap();
    let spans = observed.spans(2);
    let lost = |name| (name, Outcome::Error, Some("redis::Io"), None);
    assert_eq!(ends(&spans), [lost("BLPOP 0"), lost("SET 0")]);
}

#[test]
fn a_connection_that_panics_leaves_a_span_that_says_so() {
    struct Broken;
    impl redis::ConnectionLike for Broken {
        fn req_packed_command(&mut self, _: &[u8]) -> RedisResult<redis::Value> {
            panic!("broken")
        }
        fn req_packed_commands(
            &mut self,
            _: &[u8],
            _: usize,
            _: usize,
        ) -> RedisResult<Vec<redis::Value>> {
            panic!("broken")
        }
        fn get_db(&self) -> i64 {
            7
        }
        fn check_connection(&mut self) -> bool {
            true
        }
        fn is_open(&self) -> bool {
            true
        }
    }
    let mut observed = Observed::start();
    let ended = std::panic::catch_unwind(|| Traced::new(Broken).get::<_, ()>("a"));
    assert!(ended.is_err());
    let spans = observed.spans(1);
    assert_eq!(
        ends(&spans),
        [("GET 7", Outcome::Panicked, Some("panic"), None)]
    );
}
