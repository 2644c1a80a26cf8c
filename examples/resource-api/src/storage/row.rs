//! From columns to resources, and from ids to a parameter.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::model::{Description, Origin, Resource, ResourceId, ResourceKey};

impl<'r> sqlx::FromRow<'r, AnyRow> for Resource {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: ResourceId(row.try_get("id")?),
            description: Description {
                key: ResourceKey {
                    name: row.try_get("name")?,
                    version: row.try_get("version")?,
                    source: row.try_get("source")?,
                },
                checksum: row.try_get("checksum")?,
            },
            // the schema allows these two
            origin: match row.try_get::<String, _>("origin")?.as_str() {
                "lockfile" => Origin::Lockfile,
                _ => Origin::User,
            },
        })
    }
}

/// Ids as a JSON array: one parameter, one prepared statement, whatever their number.
pub(super) fn json_array(ids: &[ResourceId]) -> String {
    let mut array = String::with_capacity(2 + ids.len() * 6);
    array.push('[');
    for (index, id) in ids.iter().enumerate() {
        if index > 0 {
            array.push(',');
        }
        array.push_str(&id.0.to_string());
    }
    array.push(']');
    array
}
