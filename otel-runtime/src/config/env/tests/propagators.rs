use super::*;

const PROPAGATORS: &str = "OTEL_PROPAGATORS";

#[test]
fn propagators_are_known_and_have_no_effect_yet() {
    for list in [
        "tracecontext,baggage",
        "B3",
        "b3multi, jaeger,xray ,ottrace,",
    ] {
        let warnings = settings(&[(PROPAGATORS, list)]).warnings;
        assert_eq!(warnings.len(), 1, "{list}");
        assert!(warnings[0].starts_with(PROPAGATORS), "{warnings:?}");
    }
    for list in ["none", ","] {
        assert!(
            settings(&[(PROPAGATORS, list)]).warnings.is_empty(),
            "{list}"
        );
    }
}

#[test]
fn propagators_that_do_not_exist_or_exclude_each_other_are_refused() {
    let misspelt = problem(&[(PROPAGATORS, "tracecontxt")]);
    assert_eq!(misspelt.value(), Some("tracecontxt"));
    assert_eq!(misspelt.nearest(), Some("tracecontext"));
    let contradiction = problem(&[(PROPAGATORS, "none,baggage")]);
    assert!(
        contradiction
            .reason()
            .contains("`none` cannot stand beside")
    );
}
