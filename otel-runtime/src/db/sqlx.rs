//! What `sqlx` connects to: its pools know it, and their options.

use sqlx::Pool;

use super::{DbTarget, Target};

#[cfg(feature = "sqlx-postgres")]
impl DbTarget for sqlx::postgres::PgConnectOptions {
    fn db_target(&self) -> Option<&'static Target> {
        let socket = self.get_socket().and_then(|socket| socket.to_str());
        let (address, port) = match socket {
            Some(socket) => (socket, None),
            None => (self.get_host(), Some(self.get_port())),
        };
        Target::known(Some(address), port, self.get_database())
    }
}

#[cfg(feature = "sqlx-mysql")]
impl DbTarget for sqlx::mysql::MySqlConnectOptions {
    fn db_target(&self) -> Option<&'static Target> {
        let socket = self.get_socket().and_then(|socket| socket.to_str());
        let (address, port) = match socket {
            Some(socket) => (socket, None),
            None => (self.get_host(), Some(self.get_port())),
        };
        Target::known(Some(address), port, self.get_database())
    }
}

/// The file is the database: it is its `db.namespace`.
#[cfg(feature = "sqlx-sqlite")]
impl DbTarget for sqlx::sqlite::SqliteConnectOptions {
    fn db_target(&self) -> Option<&'static Target> {
        Target::known(None, None, self.get_filename().to_str())
    }
}

macro_rules! pool {
    ($feature:literal, $database:ty) => {
        #[cfg(feature = $feature)]
        impl DbTarget for Pool<$database> {
            fn db_target(&self) -> Option<&'static Target> {
                self.connect_options().db_target()
            }
        }
    };
}

pool!("sqlx-postgres", sqlx::Postgres);
pool!("sqlx-mysql", sqlx::MySql);
pool!("sqlx-sqlite", sqlx::Sqlite);
