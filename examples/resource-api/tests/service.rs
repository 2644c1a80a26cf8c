//! The operations, each by itself.

use std::collections::HashSet;

use proptest::prelude::*;
use resource_api::model::{Description, Origin, Resource, ResourceId, ResourceKey};
use resource_api::service::{Cascade, NewResource, Resources, ServiceError, Update};
use resource_api::storage::Storage;
use resource_api::validation::ValidationError;
use tempfile::TempDir;

struct Fixture {
    resources: Resources,
    _directory: TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = Storage::open(&directory.path().join("test.db"))
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

#[tokio::test]
async fn a_search_takes_every_character_as_itself() {
    let fixture = Fixture::new().await;
    for name in [
        "100%",
        "1000",
        "a_b",
        "aXb",
        r"back\slash",
        "it's",
        "Straße",
        "\"; DROP TABLE resource; --",
    ] {
        fixture.create(name, &[]).await;
    }
    for (text, expected) in [
        ("%", &["100%"][..]),
        ("_", &["a_b"]),
        ("\\", &[r"back\slash"]),
        ("'", &["it's"]),
        ("ß", &["Straße"]),
        ("STRASS", &[]),
        ("A_B", &["a_b"]),
        (
            "\"; DROP TABLE resource; --",
            &["\"; DROP TABLE resource; --"],
        ),
        ("' OR '1'='1", &[]),
        ("*", &[]),
        ("?1", &[]),
        ("100", &["100%", "1000"]),
    ] {
        let found = fixture.resources.search(text, 10).await.unwrap();
        assert_eq!(names(&found), expected, "{text}");
    }
    assert_eq!(fixture.resources.search("1.0.0", 3).await.unwrap().len(), 3);
}

#[tokio::test]
async fn rules_are_checked_before_anything_is_written() {
    let fixture = Fixture::new().await;
    let a = fixture.create("a", &[]).await;
    let edit = |edit: fn(&mut NewResource)| {
        let mut new = new("x", &[]);
        edit(&mut new);
        new
    };
    let cases = [
        (
            edit(|it| it.description.key.name.clear()),
            "the name is empty",
        ),
        (
            edit(|it| it.description.key.version.clear()),
            "the version is empty",
        ),
        (
            edit(|it| it.description.key.name.push('\0')),
            r"the name holds the control character '\0'",
        ),
        (
            edit(|it| it.description.key.source.push('\n')),
            r"the source holds the control character '\n'",
        ),
        (
            edit(|it| it.description.key.name.insert(0, ' ')),
            "the name starts or ends with white space",
        ),
        (
            edit(|it| it.description.checksum = Some("abc".into())),
            "the checksum `abc` is not 64 lowercase hexadecimal digits",
        ),
        (
            edit(|it| it.dependencies = vec![ResourceId(1); 2]),
            "the dependency #1 is listed twice",
        ),
        (
            edit(|it| it.dependents = vec![ResourceId(1); 2]),
            "the dependency #1 is listed twice",
        ),
    ];
    for (new, message) in cases {
        let error = fixture.resources.create(new.clone()).await.unwrap_err();
        assert!(matches!(error, ServiceError::Validation(_)));
        assert_eq!(error.to_string(), message);
        let NewResource {
            description,
            dependencies,
            dependents,
            ..
        } = new;
        if dependents.is_empty() {
            let error = fixture
                .resources
                .update(
                    a,
                    &Update {
                        description,
                        dependencies,
                    },
                )
                .await
                .unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }
    for (text, limit, message) in [
        ("", 1, "the search text is empty"),
        (
            "a\0",
            1,
            r"the search text holds the control character '\0'",
        ),
        (
            "a",
            0,
            "0 results were asked for; between 1 and 1000 are possible",
        ),
        (
            "a",
            1001,
            "1001 results were asked for; between 1 and 1000 are possible",
        ),
    ] {
        let error = fixture.resources.search(text, limit).await.unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let error = fixture
        .resources
        .search(&"ß".repeat(257), 1)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        ServiceError::Validation(ValidationError::TooLong {
            chars: 257,
            max: 256,
            ..
        })
    ));
    assert_eq!(fixture.resources.all().await.unwrap().0.len(), 1);
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A search finds what contains the text, and nothing else.
    #[test]
    fn a_search_agrees_with_contains(
        names in prop::collection::btree_set(r"[a-c%_\\'*?\[\]ß\u{1F600}]{1,4}", 1..12),
        text in r"[a-c%_\\'*?\[\]ß\u{1F600}]{1,2}",
    ) {
        block_on(async {
            let fixture = Fixture::new().await;
            for name in &names {
                fixture.create(name, &[]).await;
            }
            let found = fixture.resources.search(&text, 100).await.unwrap();
            let found: Vec<String> =
                found.into_iter().map(|it| it.description.key.name).collect();
            let expected: Vec<String> =
                names.iter().filter(|name| name.contains(&text)).cloned().collect();
            prop_assert_eq!(found, expected);
            Ok(())
        })?;
    }
}
