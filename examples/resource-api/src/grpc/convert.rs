//! From messages to the service's own types, and back.

use tonic::Status;

use super::v1;
use crate::model::{Description, Origin, Resource, ResourceId, ResourceKey};
use crate::service::{Cycle, NewResource, Update};

/// The message that every request about contents has.
pub(super) fn description(message: Option<v1::Description>) -> Result<Description, Status> {
    let message =
        message.ok_or_else(|| Status::invalid_argument("the request has no `description`"))?;
    Ok(Description {
        key: ResourceKey {
            name: message.name,
            version: message.version,
            source: message.source,
        },
        checksum: message.checksum,
    })
}

pub(super) fn ids(numbers: Vec<i64>) -> Vec<ResourceId> {
    numbers.into_iter().map(ResourceId).collect()
}

pub(super) fn numbers(ids: Vec<ResourceId>) -> Vec<i64> {
    ids.into_iter().map(|id| id.0).collect()
}

impl TryFrom<v1::CreateRequest> for NewResource {
    type Error = Status;

    fn try_from(message: v1::CreateRequest) -> Result<Self, Status> {
        Ok(Self {
            description: description(message.description)?,
            origin: Origin::User,
            dependencies: ids(message.dependencies),
            dependents: ids(message.dependents),
            depends_on_itself: false,
        })
    }
}

impl TryFrom<v1::UpdateRequest> for Update {
    type Error = Status;

    fn try_from(message: v1::UpdateRequest) -> Result<Self, Status> {
        Ok(Self {
            description: description(message.description)?,
            dependencies: ids(message.dependencies),
        })
    }
}

impl From<Resource> for v1::Resource {
    fn from(resource: Resource) -> Self {
        let Description { key, checksum } = resource.description;
        Self {
            id: resource.id.0,
            description: Some(v1::Description {
                name: key.name,
                version: key.version,
                source: key.source,
                checksum,
            }),
            origin: resource.origin.as_str().to_owned(),
        }
    }
}

impl From<Cycle> for v1::Cycle {
    fn from(cycle: Cycle) -> Self {
        Self {
            path: numbers(cycle.path),
            members: cycle.members as u64,
        }
    }
}
