//! What the rules say of a name, remembered for the keys of attributes.

use super::name::NameRule;
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
    /// The last letters of names that a rule can be about, by byte.
    lasts: Box<[bool; 256]>,
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
        let mut lasts = Box::new([false; 256]);
        for (rule, _) in rules.names() {
            let (NameRule::Words(text) | NameRule::Exact(text) | NameRule::Glob(text)) = rule;
            let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte >= 0x80;
            let last = match rule {
                NameRule::Words(_) => text.as_bytes().iter().rev().find(is_part),
                NameRule::Exact(_) | NameRule::Glob(_) => text.as_bytes().last(),
            };
            match last {
                Some(b'*') | None => lasts.fill(true),
                Some(last) => {
                    lasts[usize::from(last.to_ascii_lowercase())] = true;
                    lasts[usize::from(last.to_ascii_uppercase())] = true;
                }
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

    /// What a rule by name says of a name in a text.
    pub(super) fn rule_of(&self, name: &str) -> Option<Redact> {
        let last = *name.as_bytes().last()?;
        if self.lasts[usize::from(last)] {
            self.rules.rule_of(name)
        } else {
            None
        }
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

    #[cold]
    fn decide_anew(&self, key: &str) -> Decision {
        // A name may end in signs, which the words of rules do not see.
        match self.rules.rule_of(key) {
            Some(redact) => Decision::ByName(redact),
            None if HARMLESS.binary_search(&key).is_ok() => Decision::Harmless,
            None => Decision::Search,
        }
    }
}

fn place_of(key: &str) -> usize {
    let bytes = key.as_bytes();
    let eight = |from: usize| {
        let mut word = [0; 8];
        let part = &bytes[from..bytes.len().min(from + 8)];
        word[..part.len()].copy_from_slice(part);
        u64::from_le_bytes(word)
    };
    // Keys differ at their ends.
    let ends = eight(0) ^ eight(bytes.len().saturating_sub(8)).rotate_left(29);
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
