//! Operations in any order, on resources that may exist or not, with values that may be accepted
//! or not.

use proptest::prelude::*;
use resource_api::model::{Description, Origin, ResourceId, ResourceKey};
use resource_api::service::{Cascade, NewResource, Resources, ServiceError, Update};

#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Create {
        name: String,
        dependencies: Vec<i64>,
    },
    Get {
        id: i64,
    },
    Update {
        id: i64,
        name: String,
        dependencies: Vec<i64>,
    },
    Delete {
        id: i64,
        everything: bool,
    },
    Search {
        text: String,
        limit: u32,
    },
    Dependencies {
        id: i64,
    },
    Dependents {
        id: i64,
    },
    Cycles,
}

/// What an operation gave back, as much of it as telemetry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Created(ResourceId),
    /// So many others went with it.
    Deleted(usize),
    /// So many resources or cycles.
    Found(usize),
    Nothing,
}

pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    let id = || 1_i64..8;
    let name = || prop_oneof![4 => "[a-e]", 1 => Just(String::new()), 1 => Just("a\nb".to_owned())];
    let dependencies = || prop::collection::vec(1_i64..8, 0..3);
    prop_oneof![
        4 => (name(), dependencies())
            .prop_map(|(name, dependencies)| Operation::Create { name, dependencies }),
        1 => id().prop_map(|id| Operation::Get { id }),
        2 => (id(), name(), dependencies())
            .prop_map(|(id, name, dependencies)| Operation::Update { id, name, dependencies }),
        1 => (id(), any::<bool>())
            .prop_map(|(id, everything)| Operation::Delete { id, everything }),
        1 => (name(), 0_u32..3).prop_map(|(text, limit)| Operation::Search { text, limit }),
        1 => id().prop_map(|id| Operation::Dependencies { id }),
        1 => id().prop_map(|id| Operation::Dependents { id }),
        1 => Just(Operation::Cycles),
    ]
}

impl Operation {
    /// The name of its span, and of its series.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "Resources::create",
            Self::Get { .. } => "Resources::get",
            Self::Update { .. } => "Resources::update",
            Self::Delete { .. } => "Resources::delete",
            Self::Search { .. } => "Resources::search",
            Self::Dependencies { .. } => "Resources::dependencies",
            Self::Dependents { .. } => "Resources::dependents",
            Self::Cycles => "Resources::cycles",
        }
    }

    pub(crate) async fn carry_out(&self, resources: &Resources) -> Result<Done, ServiceError> {
        match self {
            Self::Create { name, dependencies } => {
                let created = resources.create(new(name, &ids(dependencies))).await?;
                Ok(Done::Created(created.id))
            }
            Self::Get { id } => {
                resources.get(ResourceId(*id)).await?;
                Ok(Done::Nothing)
            }
            Self::Update {
                id,
                name,
                dependencies,
            } => {
                let update = Update {
                    description: describe(name),
                    dependencies: ids(dependencies),
                };
                resources.update(ResourceId(*id), &update).await?;
                Ok(Done::Nothing)
            }
            Self::Delete { id, .. } => {
                let deleted = resources.delete(ResourceId(*id), self.cascade()).await?;
                Ok(Done::Deleted(deleted.cascaded()))
            }
            Self::Search { text, limit } => {
                Ok(Done::Found(resources.search(text, *limit).await?.len()))
            }
            Self::Dependencies { id } => {
                let found = resources.dependencies(ResourceId(*id)).await?;
                Ok(Done::Found(found.len()))
            }
            Self::Dependents { id } => {
                let found = resources.dependents(ResourceId(*id)).await?;
                Ok(Done::Found(found.len()))
            }
            Self::Cycles => Ok(Done::Found(resources.cycles().await?.len())),
        }
    }

    /// What a deletion may take along.
    pub(crate) const fn cascade(&self) -> Cascade<'static> {
        match self {
            Self::Delete {
                everything: true, ..
            } => Cascade::Everything,
            _ => Cascade::Refuse,
        }
    }
}

pub(crate) fn describe(name: &str) -> Description {
    Description {
        key: ResourceKey {
            name: name.into(),
            version: "1".into(),
            source: String::new(),
        },
        checksum: None,
    }
}

/// A resource that somebody makes by hand.
pub(crate) fn new(name: &str, dependencies: &[ResourceId]) -> NewResource {
    NewResource {
        description: describe(name),
        origin: Origin::User,
        dependencies: dependencies.to_vec(),
        dependents: Vec::new(),
        depends_on_itself: false,
    }
}

fn ids(numbers: &[i64]) -> Vec<ResourceId> {
    numbers.iter().copied().map(ResourceId).collect()
}
