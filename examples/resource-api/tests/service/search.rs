//! Searching: the text stands for itself.

use proptest::prelude::*;

use super::{Fixture, names};

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
