//! The operations, each by itself.

mod dependencies;
mod records;
mod rules;
mod search;

use resource_api::model::{Description, Origin, Resource, ResourceId, ResourceKey};
use resource_api::service::{NewResource, Resources};
use resource_api::storage::Storage;
use tempfile::TempDir;

struct Fixture {
    resources: Resources,
    _directory: TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = Storage::open(&directory.path().join("test.db").into())
            .await
            .unwrap();
        Self {
            resources: Resources::new(storage),
            _directory: directory,
        }
    }

    async fn create(&self, name: &str, dependencies: &[ResourceId]) -> ResourceId {
        let new = new(name, dependencies);
        self.resources.create(new).await.unwrap().id
    }
}

fn describe(name: &str) -> Description {
    Description {
        key: ResourceKey {
            name: name.into(),
            version: "1.0.0".into(),
            source: String::new(),
        },
        checksum: None,
    }
}

fn new(name: &str, dependencies: &[ResourceId]) -> NewResource {
    NewResource {
        description: describe(name),
        origin: Origin::User,
        dependencies: dependencies.to_vec(),
        dependents: Vec::new(),
        depends_on_itself: false,
    }
}

fn names(resources: &[Resource]) -> Vec<&str> {
    resources
        .iter()
        .map(|resource| &*resource.description.key.name)
        .collect()
}
