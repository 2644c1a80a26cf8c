//! What the rules say of a name, remembered for the keys of attributes.

use super::pattern::Redact;
use super::rules::Redaction;

/// What becomes of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// The rule by its name.
    ByName(Redact),
    /// What its text holds is looked at.
    Search,
    /// Its values are few and known.
    Harmless,
}

#[derive(Debug)]
pub(super) struct Names {
    rules: Redaction,
    /// By the last letter of a name, a bit for each letter before it that a rule is about, modulo 64.
    lasts: Box<[u64; 256]>,
    /// Decisions about keys, each at the one place that its hash says: a place that another key
    /// needs is given to it, so that no choice of keys makes this large or slow.
    decided: Vec<Option<(Box<str>, Decision)>>,
}

const PLACES: usize = 512;
/// Keys that are longer are decided anew each time.
const LONGEST_KEY: usize = 256;

/// Keys whose values come from the conventions or from the program's text.
const HARMLESS: [&str; 22] = [
    "busy_ns",
    "code.file.path",
    "code.function.name",
    "db.collection.name",
    "db.namespace",
    "db.operation.name",
    "db.response.status_code",
    "db.system.name",
    "error.type",
    "exception.type",
    "http.request.method",
    "http.route",
    "messaging.system",
    "network.protocol.name",
    "network.protocol.version",
    "network.transport",
    "otelkit.error.class",
    "otelkit.error.fault",
    "otelkit.outcome",
    "rpc.method",
    "rpc.system.name",
    "url.scheme",
];

impl Names {
    pub(super) fn new(rules: Redaction) -> Self {
        let mut lasts = Box::new([0; 256]);
        for (rule, _) in rules.names() {
            match rule.lasts() {
                Some([before, last]) => lasts[usize::from(last)] |= 1 << (before % 64),
                None => lasts.fill(u64::MAX),
            }
        }
        Self {
            rules,
            lasts,
            decided: Vec::new(),
        }
    }

    pub(super) const fn rules(&self) -> &Redaction {
        &self.rules
    }

    /// What a rule by name says of a name in a text, which has two letters at its end at least.
    pub(super) fn rule_of(&self, name: &str) -> Option<Redact> {
        let [.., before, last] = name.as_bytes() else {
            return None;
        };
        match self.may_end_in(*before, *last) {
            true => self.rules.rule_of(name),
            false => None,
        }
    }

    /// False if no rule is about names whose last two letters are these.
    #[inline]
    pub(super) fn may_end_in(&self, before: u8, last: u8) -> bool {
        let befores = self.lasts[usize::from(last.to_ascii_lowercase())];
        befores >> (before.to_ascii_lowercase() % 64) & 1 != 0
    }

    /// What becomes of the attribute of this key.
    pub(super) fn decide(&mut self, key: &str) -> Decision {
        if key.len() > LONGEST_KEY {
            return self.decide_anew(key);
        }
        if self.decided.is_empty() {
            self.decided.resize_with(PLACES, || None);
        }
        let place = place_of(key);
        match &self.decided[place] {
            Some((known, decision)) if **known == *key => *decision,
            _ => {
                let decision = self.decide_anew(key);
                self.decided[place] = Some((key.into(), decision));
                decision
            }
        }
    }

    /// The same, without a look at what was decided before.
    #[cold]
    pub(super) fn decide_anew(&self, key: &str) -> Decision {
        // A key may end in signs, which the words of rules do not see.
        match self.rules.rule_of(key) {
            Some(redact) => Decision::ByName(redact),
            None if HARMLESS.binary_search(&key).is_ok() => Decision::Harmless,
            None => Decision::Search,
        }
    }
}

fn place_of(key: &str) -> usize {
    let bytes = key.as_bytes();
    // Keys differ at their ends.
    let ends = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => {
            u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
        }
        _ => bytes
            .iter()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let mixed = (ends ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 55) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_decided_once_and_the_same_whoever_took_its_place() {
        let mut names = Names::new(Redaction::credentials().name("=a.token", Redact::Keep));
        for round in 0..3 {
            for number in 0..2000 {
                let _ = names.decide(&format!("key.{number}"));
            }
            let decisions =
                ["user.password", "a.token", "x", "http.route"].map(|it| names.decide(it));
            let expected = [
                Decision::ByName(Redact::Mask),
                Decision::ByName(Redact::Keep),
                Decision::Search,
                Decision::Harmless,
            ];
            assert_eq!(decisions, expected, "{round}");
        }
        assert_eq!(names.decided.len(), PLACES);
    }

    #[test]
    fn the_harmless_keys_are_in_order() {
        assert!(HARMLESS.is_sorted());
    }
}
