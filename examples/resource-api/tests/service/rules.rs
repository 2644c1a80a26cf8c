//! What is refused before anything is written.

use resource_api::model::ResourceId;
use resource_api::service::{NewResource, ServiceError, Update};
use resource_api::validation::ValidationError;

use super::{Fixture, new};

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
