use super::*;

#[test]
fn every_sampler_of_the_specification_is_known() {
    let ratio = |ratio| Sampler::TraceIdRatio(ratio);
    for (name, argument, expected) in [
        ("always_on", "", Sampler::AlwaysOn),
        ("Always_OFF", "", Sampler::AlwaysOff),
        ("traceidratio", "0.25", ratio(0.25)),
        ("traceidratio", "", ratio(1.0)),
        ("traceidratio", "1e-3", ratio(0.001)),
        ("parentbased_always_on", "", Sampler::default()),
        (
            "parentbased_always_off",
            "",
            Sampler::parent_based(Sampler::AlwaysOff),
        ),
        (
            "parentbased_traceidratio",
            "0",
            Sampler::parent_based(ratio(0.0)),
        ),
        (
            "parentbased_traceidratio",
            "1",
            Sampler::parent_based(ratio(1.0)),
        ),
    ] {
        let settings = settings(&[(SAMPLER, name), (SAMPLER_ARG, argument)]);
        assert_eq!(settings.sampler, Some(expected), "{name} {argument}");
        assert!(settings.warnings.is_empty());
    }
}

#[test]
fn a_known_sampler_that_is_not_supported_is_refused_as_such() {
    for name in ["jaeger_remote", "parentbased_jaeger_remote", "xray"] {
        let problem = problem(&[(SAMPLER, name)]);
        assert!(problem.reason().contains("is not supported"), "{problem}");
        assert_eq!(problem.nearest(), None);
    }
    let problem = problem(&[(SAMPLER, "alwayson")]);
    assert_eq!(problem.nearest(), Some("always_on"));
    assert!(problem.reason().contains("`parentbased_traceidratio`"));
}

#[test]
fn a_ratio_outside_0_to_1_is_refused() {
    for (text, nearest) in [
        ("1.1", None),
        ("-0.1", None),
        ("NaN", None),
        ("inf", None),
        ("half", None),
        ("25%", Some("0.25")),
        ("0,5", None),
    ] {
        let problem = problem(&[(SAMPLER, "traceidratio"), (SAMPLER_ARG, text)]);
        assert_eq!(problem.key(), SAMPLER_ARG);
        assert_eq!(problem.nearest(), nearest, "{text}");
    }
}

#[test]
fn an_argument_without_effect_is_warned_of() {
    for vars in [
        &[(SAMPLER_ARG, "0.5")][..],
        &[(SAMPLER, "always_on"), (SAMPLER_ARG, "0.5")],
    ] {
        let warnings = settings(vars).warnings;
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].starts_with(SAMPLER_ARG), "{warnings:?}");
    }
}
