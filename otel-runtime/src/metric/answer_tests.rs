use proptest::prelude::*;

use super::*;

fn explicit(boundaries: &[f64], counts: &[u64]) -> Points {
    Points::Histogram {
        temporality: Temporality::Cumulative,
        boundaries: boundaries.to_vec().into(),
        points: vec![HistogramPoint {
            attributes: Vec::new(),
            start_unix_ns: 1,
            unix_ns: 2,
            sum: 1.0,
            min: None,
            max: None,
            counts: counts.to_vec(),
            exemplars: Vec::new(),
        }],
    }
}

fn point(scale: i32, offset: i32, counts: &[u64]) -> ExponentialPoint {
    ExponentialPoint {
        attributes: Vec::new(),
        start_unix_ns: 1,
        unix_ns: 2,
        sum: 1.0,
        min: None,
        max: None,
        scale,
        zero_count: 1,
        offset,
        counts: counts.to_vec(),
        exemplars: Vec::new(),
    }
}

fn exponential(scale: i32, offset: i32, counts: &[u64]) -> Points {
    Points::ExponentialHistogram {
        temporality: Temporality::Cumulative,
        points: vec![point(scale, offset, counts)],
    }
}

#[test]
fn what_cannot_be_is_refused_with_the_reason() {
    let delta = Points::Sum {
        is_monotonic: true,
        temporality: Temporality::Delta,
        points: Vec::new(),
    };
    for (points, reason) in [
        (delta, "deltas"),
        (explicit(&[1.0, 2.0], &[1, 2]), "one bucket more"),
        (explicit(&[2.0, 1.0], &[1, 2, 3]), "rise"),
        (explicit(&[1.0, 1.0], &[1, 2, 3]), "rise"),
        (explicit(&[f64::NAN], &[1, 2]), "rise"),
        (explicit(&[f64::INFINITY], &[1, 2]), "rise"),
        (explicit(&[1.0], &[u64::MAX, 1]), "more values"),
        (exponential(21, 0, &[1]), "scale"),
        (exponential(-11, 0, &[1]), "scale"),
        (exponential(0, i32::MAX, &[1]), "no number"),
        (exponential(0, i32::MIN, &[1]), "no number"),
        (exponential(0, 1020, &[0; 10]), "no number"),
        (exponential(20, i32::MIN, &[1]), "no number"),
        (exponential(0, 0, &[u64::MAX]), "more values"),
    ] {
        let fault = fault(&points).unwrap();
        assert!(fault.contains(reason), "{fault}: {points:?}");
    }
}

#[test]
fn what_can_be_is_not() {
    for points in [
        Points::Gauge(Vec::new()),
        explicit(&[], &[3]),
        explicit(&[-1.0, 0.0, 1.5], &[1, 2, 3, 4]),
        exponential(0, -1075, &[1; 2100]),
        exponential(20, 0, &[1]),
        exponential(-10, -2, &[1, 2, 3]),
        exponential(5, i32::MAX, &[]),
    ] {
        assert_eq!(fault(&points), None, "{points:?}");
    }
}

/// Scale, offset and counts: some of points that can be, some not.
fn any_point() -> impl Strategy<Value = ExponentialPoint> {
    let offset = prop_oneof![3 => -1100..1100i32, 1 => any::<i32>()];
    let count = prop_oneof![9 => 0..10u64, 1 => any::<u64>()];
    let counts = prop::collection::vec(count, 0..5);
    (-11..=21i32, offset, counts).prop_map(|(scale, offset, counts)| point(scale, offset, &counts))
}

proptest! {
    #[test]
    #[cfg_attr(miri, ignore = "takes minutes, and touches no memory but its own")]
    fn what_is_not_refused_can_be_computed_with(
        mut one in any_point(),
        other in any_point(),
        coarser in -11..=21i32,
    ) {
        for point in [&one, &other] {
            let alone = Points::ExponentialHistogram {
                temporality: Temporality::Cumulative,
                points: vec![point.clone()],
            };
            if fault(&alone).is_some() {
                return Ok(());
            }
        }
        let _ = one.rescaled(coarser);
        one.merge(&other);
        prop_assert!(one.counts.len() <= 160);
        prop_assert!(one.count() >= 2);
        prop_assert!(!one.upper_boundary(0).is_nan());
    }
}
