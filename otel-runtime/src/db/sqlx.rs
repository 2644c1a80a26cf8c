//! Pools of `sqlx`, which know what they connect to.

use sqlx::Pool;

use super::{DbTarget, Target};

#[cfg(feature = "sqlx-postgres")]
impl DbTarget for Pool<sqlx::Postgres> {
    fn db_target(&self) -> Option<&'static Target> {
        let options = self.connect_options();
        let socket = options.get_socket().and_then(|socket| socket.to_str());
        let (address, port) = match socket {
            Some(socket) => (socket, None),
            None => (options.get_host(), Some(options.get_port())),
        };
        Target::known(Some(address), port, options.get_database())
    }
}

#[cfg(feature = "sqlx-mysql")]
impl DbTarget for Pool<sqlx::MySql> {
    fn db_target(&self) -> Option<&'static Target> {
        let options = self.connect_options();
        let socket = options.get_socket().and_then(|socket| socket.to_str());
        let (address, port) = match socket {
            Some(socket) => (socket, None),
            None => (options.get_host(), Some(options.get_port())),
        };
        Target::known(Some(address), port, options.get_database())
    }
}

/// The file is the database: it is its `db.namespace`.
#[cfg(feature = "sqlx-sqlite")]
impl DbTarget for Pool<sqlx::Sqlite> {
    fn db_target(&self) -> Option<&'static Target> {
        let options = self.connect_options();
        Target::known(None, None, options.get_filename().to_str())
    }
}
