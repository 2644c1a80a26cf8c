//! What requests and answers consist of, as JSON.

use serde::{Deserialize, Serialize};

use super::numbers;
use crate::model::{Description, Origin, Resource, ResourceId, ResourceKey};
use crate::service::{Cycle, Deleted, NewResource, Update};

/// A resource to be.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewResourceBody {
    /// What it is called.
    pub name: String,
    /// Which version of it.
    pub version: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// The SHA-256 of its contents.
    #[serde(default)]
    pub checksum: Option<String>,
    /// The numbers of what it depends on.
    #[serde(default)]
    pub dependencies: Vec<i64>,
    /// The numbers of what shall depend on it.
    #[serde(default)]
    pub dependents: Vec<i64>,
}

/// What a resource shall be from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateBody {
    /// What it is called.
    pub name: String,
    /// Which version of it.
    pub version: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// The SHA-256 of its contents.
    #[serde(default)]
    pub checksum: Option<String>,
    /// The numbers of what it depends on.
    #[serde(default)]
    pub dependencies: Vec<i64>,
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceBody {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Which version of it.
    pub version: String,
    /// Where it comes from.
    pub source: String,
    /// The SHA-256 of its contents, if there is one.
    pub checksum: Option<String>,
    /// Who put it there.
    pub origin: String,
}

/// What is searched for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// What name, version or source shall hold.
    pub text: String,
    /// The most results.
    #[serde(default = "usual_limit")]
    pub limit: u32,
}

/// How something is deleted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteQuery {
    /// With everything that needs it.
    #[serde(default)]
    pub cascade: bool,
}

/// What was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedBody {
    /// Their numbers, sorted.
    pub deleted: Vec<i64>,
}

/// Resources that need each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleBody {
    /// A shortest way round.
    pub path: Vec<i64>,
    /// How many are in the knot.
    pub members: usize,
}

const fn usual_limit() -> u32 {
    20
}

fn ids(numbers: Vec<i64>) -> Vec<ResourceId> {
    numbers.into_iter().map(ResourceId).collect()
}

impl From<NewResourceBody> for NewResource {
    fn from(body: NewResourceBody) -> Self {
        Self {
            description: Description {
                key: ResourceKey {
                    name: body.name,
                    version: body.version,
                    source: body.source,
                },
                checksum: body.checksum,
            },
            origin: Origin::User,
            dependencies: ids(body.dependencies),
            dependents: ids(body.dependents),
            depends_on_itself: false,
        }
    }
}

impl From<UpdateBody> for Update {
    fn from(body: UpdateBody) -> Self {
        Self {
            description: Description {
                key: ResourceKey {
                    name: body.name,
                    version: body.version,
                    source: body.source,
                },
                checksum: body.checksum,
            },
            dependencies: ids(body.dependencies),
        }
    }
}

impl From<Resource> for ResourceBody {
    fn from(resource: Resource) -> Self {
        let Description { key, checksum } = resource.description;
        Self {
            id: resource.id.0,
            name: key.name,
            version: key.version,
            source: key.source,
            checksum,
            origin: resource.origin.as_str().to_owned(),
        }
    }
}

impl From<Deleted> for DeletedBody {
    fn from(deleted: Deleted) -> Self {
        Self {
            deleted: numbers(deleted.ids),
        }
    }
}

impl From<Cycle> for CycleBody {
    fn from(cycle: Cycle) -> Self {
        Self {
            path: numbers(cycle.path),
            members: cycle.members,
        }
    }
}
