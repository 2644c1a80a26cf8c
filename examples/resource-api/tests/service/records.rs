//! Creating and getting single resources.

use resource_api::model::ResourceId;
use resource_api::service::{Cascade, NewResource, Update};

use super::{Fixture, describe, new};

#[tokio::test]
async fn what_was_created_can_be_got() {
    let fixture = Fixture::new().await;
    let mut description = describe("a");
    description.checksum = Some("f".repeat(64));
    let created = fixture
        .resources
        .create(NewResource {
            description,
            ..new("a", &[])
        })
        .await
        .unwrap();
    assert_eq!(fixture.resources.get(created.id).await.unwrap(), created);
    let found = fixture
        .resources
        .find(&created.description.key)
        .await
        .unwrap();
    assert_eq!(found, Some(created));
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let Fixture {
        resources,
        _directory,
    } = &Fixture::new().await;
    let id = ResourceId(7);
    let errors = [
        resources.get(id).await.unwrap_err(),
        resources.dependencies(id).await.unwrap_err(),
        resources.dependents(id).await.unwrap_err(),
        resources.delete(id, Cascade::Everything).await.unwrap_err(),
        resources
            .update(
                id,
                &Update {
                    description: describe("a"),
                    dependencies: Vec::new(),
                },
            )
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.to_string(), "there is no resource #7");
    }
    assert_eq!(resources.find(&describe("a").key).await.unwrap(), None);
}

#[tokio::test]
async fn the_same_key_cannot_be_taken_twice() {
    let fixture = Fixture::new().await;
    fixture.create("a", &[]).await;
    let b = fixture.create("b", &[]).await;
    let error = fixture.resources.create(new("a", &[])).await.unwrap_err();
    assert_eq!(error.to_string(), "`a 1.0.0` exists already");
    let update = Update {
        description: describe("a"),
        dependencies: Vec::new(),
    };
    let error = fixture.resources.update(b, &update).await.unwrap_err();
    assert_eq!(error.to_string(), "`a 1.0.0` exists already");
    assert_eq!(
        fixture.resources.get(b).await.unwrap().description,
        describe("b")
    );
}
