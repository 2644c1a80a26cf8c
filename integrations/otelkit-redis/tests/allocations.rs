//! What a command takes from the heap beyond what the connection does.

use otelkit_observed::Observed;
use otelkit_redis::Traced;
use redis::{Cmd, ConnectionLike, RedisResult, Value, cmd, pipe};

/// Answers at once, and allocates nothing.
struct Still;

impl ConnectionLike for Still {
    fn req_packed_command(&mut self, _: &[u8]) -> RedisResult<Value> {
        Ok(Value::Okay)
    }

    fn req_packed_commands(&mut self, _: &[u8], _: usize, _: usize) -> RedisResult<Vec<Value>> {
        Ok(Vec::new())
    }

    fn req_command(&mut self, _: &Cmd) -> RedisResult<Value> {
        Ok(Value::Okay)
    }

    fn get_db(&self) -> i64 {
        0
    }

    fn check_connection(&mut self) -> bool {
        true
    }

    fn is_open(&self) -> bool {
        true
    }
}

#[cfg(feature = "aio")]
impl redis::aio::ConnectionLike for Still {
    fn req_packed_command<'a>(&'a mut self, _: &'a Cmd) -> redis::RedisFuture<'a, Value> {
        Box::pin(std::future::ready(Ok(Value::Okay)))
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        _: &'a redis::Pipeline,
        _: usize,
        _: usize,
    ) -> redis::RedisFuture<'a, Vec<Value>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn get_db(&self) -> i64 {
        0
    }
}

/// How often a call allocates once everything has been used: the fewest times of a hundred, since
/// now and then the ring of the thread grows.
fn allocations(mut call: impl FnMut()) -> u64 {
    for _ in 0..100 {
        call();
    }
    let allocations = (0..100).map(|_| {
        let before = otelkit_counted::allocations();
        call();
        otelkit_counted::allocations() - before
    });
    allocations.min().unwrap_or_default()
}

#[test]
fn commands_and_pipelines_allocate_nothing_of_their_own() {
    let mut connection = Traced::new(Still).server("cache.example", 7000);
    let get = cmd("GET").arg("key").to_owned();
    let pipeline = pipe().get("a").set("b", 1).get_packed_pipeline();
    let _observed = Observed::start();
    let of_command = allocations(|| {
        let _ = connection.req_command(&get);
    });
    let of_pipeline = allocations(|| {
        let _ = connection.req_packed_commands(&pipeline, 0, 2);
    });
    assert_eq!((of_command, of_pipeline), (0, 0));
    // What counts does count.
    assert_eq!(allocations(|| drop(Box::new(1))), 1);
}

#[cfg(feature = "aio")]
#[test]
fn an_awaited_command_allocates_the_box_that_the_trait_asks_for() {
    use std::task::{Context, Poll, Waker};

    use redis::aio;

    let mut connection = Traced::new(Still);
    let get = cmd("GET").arg("key").to_owned();
    let _observed = Observed::start();
    let bare = allocations(|| {
        drop(aio::ConnectionLike::req_packed_command(
            connection.get_mut(),
            &get,
        ));
    });
    let mut context = Context::from_waker(Waker::noop());
    let traced = allocations(|| {
        let mut answer = aio::ConnectionLike::req_packed_command(&mut connection, &get);
        assert!(matches!(
            answer.as_mut().poll(&mut context),
            Poll::Ready(Ok(_))
        ));
    });
    assert_eq!((bare, traced), (1, 2));
}
