use super::*;

const REMOTE_SAMPLED: Option<ParentKind> = Some(ParentKind {
    sampled: true,
    remote: true,
});
const REMOTE_NOT_SAMPLED: Option<ParentKind> = Some(ParentKind {
    sampled: false,
    remote: true,
});

fn trace(low: u64) -> TraceId {
    TraceId::new(1 << 127 | u128::from(low)).unwrap()
}

fn gate(sampler: &Sampler) -> SampleGate {
    let gate = SampleGate::open();
    gate.set(sampler);
    gate
}

/// The rule as the Go, Rust and Python SDKs state it, written down independently.
fn reference(ratio: f64, low: u64) -> bool {
    ratio >= 1.0 || (low >> 1) < (ratio.max(0.0) * (1u64 << 63) as f64) as u64
}

#[test]
fn always_on_takes_every_trace_and_always_off_none() {
    for low in [0, 1, u64::MAX / 2, u64::MAX] {
        for parent in [None, REMOTE_SAMPLED, REMOTE_NOT_SAMPLED] {
            assert!(gate(&Sampler::AlwaysOn).decide(trace(low), parent));
            assert!(!gate(&Sampler::AlwaysOff).decide(trace(low), parent));
        }
    }
}

#[test]
fn a_ratio_decides_by_the_low_half_of_the_trace_id_as_other_sdks_do() {
    let bound = |ratio: f64| ((ratio * (1u64 << 63) as f64) as u64) << 1;
    for ratio in [0.0, 1e-9, 0.001, 0.1, 0.25, 0.5, 0.75, 0.999, 1.0] {
        let gate = gate(&Sampler::TraceIdRatio(ratio));
        let edge = bound(ratio);
        let edges = [edge.wrapping_sub(1), edge, edge.wrapping_add(1)];
        for low in edges.into_iter().chain([0, 1, u64::MAX / 3, u64::MAX]) {
            assert_eq!(
                gate.decide(trace(low), None),
                reference(ratio, low),
                "{ratio} {low:x}"
            );
        }
    }
}

#[test]
fn a_higher_ratio_takes_every_trace_a_lower_one_takes() {
    let lower = gate(&Sampler::TraceIdRatio(0.2));
    let higher = gate(&Sampler::TraceIdRatio(0.3));
    let mut taken = 0;
    for step in 0..10_000u64 {
        let id = trace(step.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        if lower.decide(id, None) {
            taken += 1;
            assert!(higher.decide(id, None));
        }
    }
    assert!((1_900..=2_100).contains(&taken), "{taken}");
}

#[test]
fn a_ratio_ignores_the_parents_flag_unless_parent_based() {
    let plain = gate(&Sampler::TraceIdRatio(0.5));
    let based = gate(&Sampler::parent_based(Sampler::TraceIdRatio(0.5)));
    let (taken, left) = (trace(1), trace(u64::MAX));
    assert!(plain.decide(taken, REMOTE_NOT_SAMPLED));
    assert!(!plain.decide(left, REMOTE_SAMPLED));
    assert!(!based.decide(taken, REMOTE_NOT_SAMPLED));
    assert!(based.decide(left, REMOTE_SAMPLED));
    assert!(based.decide(taken, None));
    assert!(!based.decide(left, None));
}

#[test]
fn a_local_parents_decision_stands_whatever_the_sampler() {
    for sampler in [Sampler::AlwaysOn, Sampler::AlwaysOff] {
        for sampled in [true, false] {
            let parent = ParentKind {
                sampled,
                remote: false,
            };
            assert_eq!(gate(&sampler).decide(trace(7), Some(parent)), sampled);
        }
    }
}

#[test]
fn each_kind_of_remote_parent_can_have_its_own_sampler() {
    let mut parts = ParentBased::new(Sampler::AlwaysOff);
    parts.remote_parent_sampled = Sampler::AlwaysOff;
    parts.remote_parent_not_sampled = Sampler::AlwaysOn;
    let gate = gate(&parts.into());
    assert!(!gate.decide(trace(1), None));
    assert!(!gate.decide(trace(1), REMOTE_SAMPLED));
    assert!(gate.decide(trace(1), REMOTE_NOT_SAMPLED));
}

#[test]
fn a_number_that_is_no_ratio_is_found_however_deep() {
    let nested = |ratio| {
        let mut parts = ParentBased::new(Sampler::AlwaysOn);
        parts.remote_parent_sampled = Sampler::parent_based(Sampler::TraceIdRatio(ratio));
        Sampler::from(parts)
    };
    assert_eq!(nested(1.0).invalid_ratio(), None);
    assert_eq!(nested(1.5).invalid_ratio(), Some(1.5));
    assert!(nested(f64::NAN).invalid_ratio().is_some());
}
