//! A connection whose commands are recorded.

use redis::{Cmd, ConnectionInfo, ConnectionLike, RedisResult, Value};

use crate::asked::{Asked, Packed};
use crate::failure::Answer;
use crate::operation::Operation;
use crate::server::Server;

/// A connection whose commands are recorded, in front of any other one.
///
/// ```no_run
/// # fn main() -> redis::RedisResult<()> {
/// use otelkit_redis::Traced;
/// use redis::Commands;
///
/// let client = redis::Client::open("redis://127.0.0.1/3")?;
/// let mut connection = Traced::new(client.get_connection()?).of(client.get_connection_info());
/// let () = connection.set("greeting", "hello")?;              // a span `SET 3`
/// let both: (String, bool) = redis::pipe()
///     .get("greeting")
///     .exists("other")
///     .query(&mut connection)?;                               // a span `PIPELINE 3`
/// # let _ = both;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Traced<C> {
    pub(crate) connection: C,
    pub(crate) server: Server,
}

impl<C> Traced<C> {
    /// The same connection, whose commands are recorded from now on.
    #[must_use]
    pub fn new(connection: C) -> Self {
        Self {
            connection,
            server: Server::default(),
        }
    }

    /// Says which server it is connected to: `server.address`, and `server.port` if it is not 6379.
    /// Nothing else of `info` is kept.
    #[must_use]
    pub fn of(mut self, info: &ConnectionInfo) -> Self {
        self.server.set_address(info.addr());
        self
    }

    /// The same, by name; of a cluster or of what a sentinel watches, the name that people know.
    #[must_use]
    pub fn server(mut self, address: &str, port: u16) -> Self {
        self.server.set_host(address, port);
        self
    }

    /// Whether spans have the text of what was asked, `db.query.text`, as one would write it in
    /// `redis-cli`: with the keys, and a `?` for each other argument, such as
    /// `HSET user:7 ? ? ? ?`. Off by default: keys may tell of people as well.
    ///
    /// Of a text, the first 2000 bytes are kept.
    #[must_use]
    pub const fn query_text(mut self, wanted: bool) -> Self {
        self.server.wants_text = wanted;
        self
    }

    /// The connection itself. What is asked of it directly is not recorded.
    #[must_use]
    pub const fn get_ref(&self) -> &C {
        &self.connection
    }

    /// The same, to be changed: for publish/subscribe, or the routes of a cluster.
    pub const fn get_mut(&mut self) -> &mut C {
        &mut self.connection
    }

    /// The connection alone.
    #[must_use]
    pub fn into_inner(self) -> C {
        self.connection
    }
}

impl<C: ConnectionLike> Traced<C> {
    fn record<A: Answer>(&mut self, asked: &impl Asked, ask: impl FnOnce(&mut C) -> A) -> A {
        let operation = Operation::begin(&self.server, self.connection.get_db(), asked);
        let answer = ask(&mut self.connection);
        operation.end(&answer);
        answer
    }
}

impl<C: ConnectionLike> ConnectionLike for Traced<C> {
    fn req_command(&mut self, command: &Cmd) -> RedisResult<Value> {
        self.record(command, |connection| connection.req_command(command))
    }

    fn req_packed_command(&mut self, command: &[u8]) -> RedisResult<Value> {
        self.record(&Packed(command), |connection| {
            connection.req_packed_command(command)
        })
    }

    fn req_packed_commands(
        &mut self,
        commands: &[u8],
        offset: usize,
        count: usize,
    ) -> RedisResult<Vec<Value>> {
        self.record(&Packed(commands), |connection| {
            connection.req_packed_commands(commands, offset, count)
        })
    }

    fn get_db(&self) -> i64 {
        self.connection.get_db()
    }

    fn supports_pipelining(&self) -> bool {
        self.connection.supports_pipelining()
    }

    fn check_connection(&mut self) -> bool {
        self.connection.check_connection()
    }

    fn is_open(&self) -> bool {
        self.connection.is_open()
    }
}
