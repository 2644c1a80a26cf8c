//! The databases that the semantic conventions know by name.

use syn::{Expr, ExprLit, Lit, LitStr};

use crate::error::unknown;

/// The values of [`db.system.name`] that have a meaning.
///
/// [`db.system.name`]: https://opentelemetry.io/docs/specs/semconv/registry/attributes/db/
const KNOWN: &[&str] = &[
    "postgresql",
    "mysql",
    "mariadb",
    "sqlite",
    "redis",
    "mongodb",
    "microsoft.sql_server",
    "oracle.db",
    "cassandra",
    "elasticsearch",
    "clickhouse",
    "cockroachdb",
    "other_sql",
    "actian.ingres",
    "aws.dynamodb",
    "aws.redshift",
    "azure.cosmosdb",
    "couchbase",
    "couchdb",
    "derby",
    "firebirdsql",
    "gcp.spanner",
    "geode",
    "h2database",
    "hbase",
    "hive",
    "hsqldb",
    "ibm.db2",
    "ibm.informix",
    "ibm.netezza",
    "influxdb",
    "instantdb",
    "intersystems.cache",
    "memcached",
    "neo4j",
    "opensearch",
    "sap.hana",
    "sap.maxdb",
    "softwareag.adabas",
    "teradata",
    "trino",
];

/// Which database is asked.
pub(crate) enum System {
    /// One that the conventions know.
    Known(LitStr),
    /// A constant, which names another.
    Constant(Expr),
}

impl System {
    pub(super) fn parse(value: Expr) -> syn::Result<Self> {
        let form = "`system` is written as a text, `system = \"postgresql\"`, or as the path of a constant";
        match value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => {
                let name = text.value();
                if KNOWN.contains(&name.as_str()) {
                    return Ok(Self::Known(text));
                }
                let message = format!(
                    "{}; for another, give a constant: `system = MY_DATABASE`",
                    unknown("database", &name, KNOWN)
                );
                Err(syn::Error::new(text.span(), message))
            }
            Expr::Path(_) => Ok(Self::Constant(value)),
            other => Err(syn::Error::new(syn::spanned::Spanned::span(&other), form)),
        }
    }
}
