//! Which request comes next: decided by a seed and by what is known to exist.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Operation;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Create {
        name: String,
        dependencies: Vec<i64>,
    },
    Get(i64),
    Update {
        id: i64,
        name: String,
    },
    Delete(i64),
    Search(String),
}

/// What an answer says about what exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Learnt {
    Nothing,
    Exists(i64),
    Gone(Vec<i64>),
}

/// The resources that are known to exist.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<Vec<i64>>);

/// The requests, one after the other.
#[derive(Debug)]
pub(super) struct Plan {
    random: u64,
    /// What names begin with: new in every run on the same database.
    prefix: String,
    created: u64,
}

impl Action {
    pub(super) const fn operation(&self) -> Operation {
        match self {
            Self::Create { .. } => Operation::Create,
            Self::Get(_) => Operation::Get,
            Self::Update { .. } => Operation::Update,
            Self::Delete(_) => Operation::Delete,
            Self::Search(_) => Operation::Search,
        }
    }
}

impl Known {
    pub(super) fn learn(&self, learnt: Learnt) {
        match learnt {
            Learnt::Nothing => {}
            Learnt::Exists(id) => self.lock().push(id),
            Learnt::Gone(ids) => self.lock().retain(|id| !ids.contains(id)),
        }
    }

    fn pick(&self, random: u64) -> Option<i64> {
        let known = self.lock();
        let at = random.checked_rem(known.len() as u64)?;
        known.get(at as usize).copied()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<i64>> {
        // a list of numbers cannot be left half changed
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Plan {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: seed,
            prefix: format!("load-{}-{seed}", std::process::id()),
            created: 0,
        }
    }

    /// A resource that is there before the clock runs.
    pub(super) fn first(&mut self, known: &Known) -> Action {
        self.create(known)
    }

    /// Half are reads of one resource, a fifth searches; the number of resources grows slowly.
    pub(super) fn next(&mut self, known: &Known) -> Action {
        let kind = self.random() % 100;
        let Some(id) = known.pick(self.random()) else {
            return self.create(known);
        };
        match kind {
            0..50 => Action::Get(id),
            50..70 => Action::Search(format!("-{}", self.random() % 10)),
            70..85 => self.create(known),
            85..95 => Action::Update {
                id,
                name: self.name(),
            },
            _ => Action::Delete(id),
        }
    }

    fn create(&mut self, known: &Known) -> Action {
        let mut dependencies: Vec<i64> = (0..self.random() % 3)
            .filter_map(|_| known.pick(self.random()))
            .collect();
        dependencies.sort_unstable();
        dependencies.dedup();
        Action::Create {
            name: self.name(),
            dependencies,
        }
    }

    fn name(&mut self) -> String {
        self.created += 1;
        format!("{}-{}", self.prefix, self.created)
    }

    /// SplitMix64: enough to choose by.
    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_makes_one_plan_of_every_operation() {
        let known = Known::default();
        (1..=9).for_each(|id| known.learn(Learnt::Exists(id)));
        let actions = |seed| {
            let mut plan = Plan::new(seed);
            (0..500).map(|_| plan.next(&known)).collect::<Vec<_>>()
        };
        assert_eq!(actions(1), actions(1));
        assert_ne!(actions(1), actions(2));
        for operation in [
            Operation::Create,
            Operation::Get,
            Operation::Update,
            Operation::Delete,
            Operation::Search,
        ] {
            let has = actions(1).iter().any(|it| it.operation() == operation);
            assert!(has, "{operation:?}");
        }
    }

    #[test]
    fn where_nothing_exists_something_is_made() {
        let action = Plan::new(1).next(&Known::default());
        assert_eq!(action.operation(), Operation::Create);
    }

    #[test]
    fn what_is_gone_is_not_asked_for() {
        let known = Known::default();
        known.learn(Learnt::Exists(1));
        known.learn(Learnt::Exists(2));
        known.learn(Learnt::Gone(vec![1, 7]));
        assert!((0..9).all(|random| known.pick(random) == Some(2)));
    }
}
