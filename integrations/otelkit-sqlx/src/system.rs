//! The databases that `sqlx` knows, as the conventions call them.

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use otel_runtime::db::DbTarget;
use otel_runtime::db::Target;
use otel_runtime::site::{FieldSpec, QuerySpec, Site};
use sqlx::Database;

/// A database of `sqlx` whose calls can be recorded.
pub trait System: Database + sealed::System {}

/// What all calls through one pool or connection have in common.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct Asks {
    pub(crate) known: &'static Known,
    pub(crate) target: Option<&'static Target>,
}

/// What is known of a database at compile time.
#[derive(Debug)]
pub(crate) struct Known {
    /// Statements that are asked.
    pub(crate) asked: Place,
    /// Statements that are prepared.
    pub(crate) prepared: Place,
}

/// Where calls of one kind belong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) query: &'static QuerySpec,
    pub(crate) site: &'static Site,
}

mod sealed {
    /// What each database says of itself.
    pub trait System: sqlx::Database {
        /// What all calls through a pool have in common.
        fn asks(pool: &sqlx::Pool<Self>) -> crate::system::Asks;
    }
}

const FIELDS: &[FieldSpec] = &[
    FieldSpec::late("db.query.text"),
    FieldSpec::late("server.address"),
    FieldSpec::late("server.port"),
    FieldSpec::late("db.namespace"),
    FieldSpec::late("db.response.returned_rows"),
];

/// The Sites of one system, in a module of its own.
macro_rules! known {
    ($name:ident, $system:literal) => {
        mod $name {
            use crate::system::Known;

            place!(asked, $system, given);
            place!(prepared, $system, operation("PREPARE"), given);

            pub(super) static KNOWN: Known = Known {
                asked: asked::PLACE,
                prepared: prepared::PLACE,
            };
        }
    };
}

/// A Site for all statements of one kind.
macro_rules! place {
    ($name:ident, $system:literal $(, $verb:ident $(($text:literal))?)*) => {
        mod $name {
            use otel_runtime::__private::register;
            use otel_runtime::site::{QuerySpec, Site, SiteSpec, SpanKind};

            use crate::system::{FIELDS, Place};

            static QUERY: QuerySpec = QuerySpec::new($system)$(.$verb($($text)?))*;
            static SITE: Site = Site::new(
                SiteSpec::new(
                    $system,
                    module_path!(),
                    env!("CARGO_PKG_NAME"),
                    env!("CARGO_PKG_VERSION"),
                    file!(),
                    line!(),
                    column!(),
                )
                .kind(SpanKind::Client)
                .fields(FIELDS)
                .query(&QUERY),
            );
            register!(SITE, place, register);

            pub(super) const PLACE: Place = Place {
                query: &QUERY,
                site: &SITE,
            };
        }
    };
}

macro_rules! system {
    ($feature:literal, $name:ident, $database:ty, $system:literal) => {
        #[cfg(feature = $feature)]
        known!($name, $system);

        #[cfg(feature = $feature)]
        impl System for $database {}

        #[cfg(feature = $feature)]
        impl sealed::System for $database {
            fn asks(pool: &sqlx::Pool<Self>) -> Asks {
                Asks {
                    known: &$name::KNOWN,
                    target: pool.db_target(),
                }
            }
        }
    };
}

system!("postgres", postgresql, sqlx::Postgres, "postgresql");
system!("mysql", mysql, sqlx::MySql, "mysql");
system!("sqlite", sqlite, sqlx::Sqlite, "sqlite");

#[cfg(feature = "mysql")]
known!(mariadb, "mariadb");

/// MariaDB, which is reached as MySQL is.
#[cfg(feature = "mysql")]
pub(crate) fn mariadb() -> &'static Known {
    &mariadb::KNOWN
}

#[cfg(feature = "any")]
known!(other, "other_sql");

#[cfg(feature = "any")]
impl System for sqlx::Any {}

/// The address says which database it is; one whose feature is off is some other.
#[cfg(feature = "any")]
impl sealed::System for sqlx::Any {
    fn asks(pool: &sqlx::Pool<Self>) -> Asks {
        let options = pool.connect_options();
        match options.database_url.scheme() {
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => Asks {
                known: &postgresql::KNOWN,
                target: target::<sqlx::postgres::PgConnectOptions>(&options),
            },
            #[cfg(feature = "mysql")]
            "mysql" => Asks {
                known: &mysql::KNOWN,
                target: target::<sqlx::mysql::MySqlConnectOptions>(&options),
            },
            #[cfg(feature = "mysql")]
            "mariadb" => Asks {
                known: &mariadb::KNOWN,
                target: target::<sqlx::mysql::MySqlConnectOptions>(&options),
            },
            #[cfg(feature = "sqlite")]
            "sqlite" => Asks {
                known: &sqlite::KNOWN,
                target: target::<sqlx::sqlite::SqliteConnectOptions>(&options),
            },
            _ => Asks {
                known: &other::KNOWN,
                target: None,
            },
        }
    }
}

/// Where an address leads, as the driver understands it.
#[cfg(all(
    feature = "any",
    any(feature = "postgres", feature = "mysql", feature = "sqlite")
))]
fn target<O: sqlx::ConnectOptions + DbTarget>(
    options: &sqlx::any::AnyConnectOptions,
) -> Option<&'static Target> {
    O::from_url(&options.database_url).ok()?.db_target()
}
