use super::*;

const RESOURCE: &str = "OTEL_RESOURCE_ATTRIBUTES";

#[test]
fn the_service_name_wins_over_the_resource_attributes() {
    let settings = settings(&[
        ("OTEL_SERVICE_NAME", "shop"),
        (RESOURCE, "service.name=other,team=a%2Cb, tier = gold "),
    ]);
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        settings.resource_attributes,
        [
            pair("service.name", "other"),
            pair("team", "a,b"),
            pair("tier", "gold"),
            pair("service.name", "shop"),
        ]
    );
}

#[test]
fn resource_attributes_that_are_no_list_are_refused() {
    for text in ["shop", "=a", "a=b,c", "a=%", "a=%ff"] {
        let problem = problem(&[(RESOURCE, text)]);
        assert_eq!(problem.key(), RESOURCE);
        assert_eq!(problem.value(), Some(text));
        assert!(
            problem
                .reason()
                .contains("expected `key1=value1,key2=value2`")
        );
    }
}
