use super::*;
use crate::propagation::Propagator;

const PROPAGATORS: &str = "OTEL_PROPAGATORS";

#[test]
fn propagators_are_listed_in_their_order() {
    use Propagator::{B3, B3Multi, Baggage, Jaeger, TraceContext, XRay};
    for (list, named) in [
        ("tracecontext,baggage", &[TraceContext, Baggage][..]),
        ("B3", &[B3]),
        ("b3multi, jaeger,xray ,,", &[B3Multi, Jaeger, XRay]),
        ("none", &[]),
    ] {
        let settings = settings(&[(PROPAGATORS, list)]);
        assert_eq!(settings.propagators.as_deref(), Some(named), "{list}");
        assert!(settings.warnings.is_empty(), "{list}");
    }
    for list in ["", ","] {
        assert_eq!(settings(&[(PROPAGATORS, list)]).propagators, None, "{list}");
    }
}

#[test]
fn propagators_hold_where_the_rest_is_switched_off() {
    let off = |list| settings(&[("OTEL_SDK_DISABLED", "true"), (PROPAGATORS, list)]);
    assert_eq!(off("b3").propagators, Some(vec![Propagator::B3]));
    // the switch works whatever else is wrong
    assert!(off("misspelt").disabled);
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
    let old = problem(&[(PROPAGATORS, "ottrace")]);
    assert!(old.reason().contains("not supported"), "{old}");
}
