//! The interleavings of those who fill slots and those who read them.

use loom::sync::Arc;
use loom::thread;

use super::*;
use crate::metric::loom_model::{model, spec};

/// Whose words all belong together.
fn sample(mark: u64) -> Sample {
    Sample {
        value: mark,
        unix_ns: mark,
        trace: [mark; 2],
        span: mark,
    }
}

#[test]
fn of_several_threads_that_see_a_wish_one_fulfils_it() {
    model(|| {
        let spec = Spec {
            kind: Kind::Histogram(&[1.0]),
            ..spec()
        };
        let exemplars = Arc::new(Exemplars::new(&spec));
        let fill = |group, mark| {
            let exemplars = Arc::clone(&exemplars);
            thread::spawn(move || {
                let is_first = exemplars.claim(0, group);
                if is_first {
                    exemplars.put(0, group, sample(mark));
                }
                is_first
            })
        };
        let [first, second, other] = [fill(0, 1), fill(0, 2), fill(1, 3)];
        let [first, second, other] = [first, second, other].map(|thread| thread.join().unwrap());
        assert!(first != second && other);
        let read = exemplars.read(Number::Int);
        let values: Vec<_> = read[0].iter().map(|exemplar| exemplar.unix_ns).collect();
        assert_eq!(values, [if first { 1 } else { 2 }, 3]);
    });
}
