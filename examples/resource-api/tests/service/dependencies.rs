//! Resources that need each other: written, updated and deleted together.

use std::collections::HashSet;

use resource_api::model::ResourceId;
use resource_api::service::{Cascade, NewResource, ServiceError, Update};

use super::{Fixture, describe, names, new};

#[tokio::test]
async fn an_unknown_dependency_undoes_the_whole_write() {
    let fixture = Fixture::new().await;
    let a = fixture.create("a", &[]).await;
    let b = fixture.create("b", &[a]).await;
    let error = fixture
        .resources
        .create(new("c", &[a, ResourceId(99)]))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`c 1.0.0` cannot be connected to #99, which does not exist"
    );
    assert_eq!(
        fixture.resources.find(&describe("c").key).await.unwrap(),
        None
    );
    let update = Update {
        description: describe("b2"),
        dependencies: vec![ResourceId(98)],
    };
    let error = fixture.resources.update(b, &update).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`b2 1.0.0` cannot be connected to #98, which does not exist"
    );
    assert_eq!(
        names(&fixture.resources.dependencies(b).await.unwrap()),
        ["a"]
    );
    assert_eq!(
        fixture.resources.get(b).await.unwrap().description,
        describe("b")
    );
}

#[tokio::test]
async fn an_update_replaces_description_and_dependencies() {
    let fixture = Fixture::new().await;
    let a = fixture.create("a", &[]).await;
    let b = fixture.create("b", &[]).await;
    let c = fixture.create("c", &[a]).await;
    let d = fixture.create("d", &[c]).await;
    let update = Update {
        description: describe("renamed"),
        dependencies: vec![b, c],
    };
    fixture.resources.update(c, &update).await.unwrap();
    assert_eq!(
        fixture.resources.get(c).await.unwrap().description,
        describe("renamed")
    );
    assert_eq!(
        names(&fixture.resources.dependencies(c).await.unwrap()),
        ["b", "renamed"]
    );
    assert_eq!(
        names(&fixture.resources.dependents(a).await.unwrap()),
        Vec::<&str>::new()
    );
    assert_eq!(
        names(&fixture.resources.dependencies(d).await.unwrap()),
        ["renamed"]
    );
}

#[tokio::test]
async fn a_needed_resource_is_deleted_only_together_with_what_needs_it() {
    let fixture = Fixture::new().await;
    let a = fixture.create("a", &[]).await;
    let b = fixture.create("b", &[a]).await;
    let c = fixture.create("c", &[b]).await;
    let other = fixture.create("other", &[]).await;
    let error = fixture
        .resources
        .delete(a, Cascade::Refuse)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "#1 cannot be deleted: 2 others depend on it, directly or not"
    );
    let some = HashSet::from([a, b]);
    let error = fixture
        .resources
        .delete(a, Cascade::Among(&some))
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::InUse { dependents: 2, .. }));
    let deleted = fixture
        .resources
        .delete(a, Cascade::Everything)
        .await
        .unwrap();
    assert_eq!(
        (deleted.ids.clone(), deleted.cascaded()),
        (vec![a, b, c], 2)
    );
    let (left, edges) = fixture.resources.all().await.unwrap();
    assert_eq!((names(&left), edges), (vec!["other"], vec![]));
    fixture
        .resources
        .delete(other, Cascade::Refuse)
        .await
        .unwrap();
}

#[tokio::test]
async fn resources_in_a_circle_are_created_found_and_deleted() {
    let fixture = Fixture::new().await;
    let a = fixture.create("a", &[]).await;
    let b = NewResource {
        dependents: vec![a],
        depends_on_itself: true,
        ..new("b", &[a])
    };
    let b = fixture.resources.create(b).await.unwrap().id;
    let cycles = fixture.resources.cycles().await.unwrap();
    assert_eq!(cycles.len(), 1);
    assert_eq!(
        (cycles[0].path.as_slice(), cycles[0].members),
        (&[a, b][..], 2)
    );
    let deleted = fixture
        .resources
        .delete(b, Cascade::Everything)
        .await
        .unwrap();
    assert_eq!(deleted.ids, [a, b]);
    assert_eq!(fixture.resources.cycles().await.unwrap(), []);
}
