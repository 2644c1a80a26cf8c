//! `OTELKIT_REDACTION`: what is hidden, as a list.

use super::vars::{Choice, Reader, Setting};
use crate::redact::{Pattern, Redact, Redaction};

const REDACTION: &str = "OTELKIT_REDACTION";
/// Begins a rule by name.
const KEY: &str = "key:";

/// What an entry begins with.
#[derive(Clone, Copy)]
enum Entry {
    None,
    Credentials,
    All,
    Pattern(Pattern),
}

/// `None` if nothing is said. Rules are added to those for credentials, unless the first is `none`.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Redaction> {
    let setting = reader.setting(REDACTION)?;
    let mut redaction = Redaction::credentials();
    for (place, entry) in setting.text.split(',').map(str::trim).enumerate() {
        if entry.is_empty() {
            continue;
        }
        if let Some(rule) = entry.strip_prefix(KEY) {
            // `=name` is a name, and what follows another `=` is what becomes of its value.
            let (name, redact) = match rule.rsplit_once('=') {
                Some((name, redact)) if !name.is_empty() => (name, Some(redact)),
                _ => (rule, None),
            };
            let redact = treatment(reader, setting, redact, &Redact::ALL)?;
            redaction = redaction.name(name.to_owned(), redact);
            continue;
        }
        let (word, redact) = match entry.split_once('=') {
            Some((word, redact)) => (word.trim(), Some(redact)),
            None => (entry, None),
        };
        match (reader.choice(setting, word, entries())?, redact) {
            (Entry::Pattern(pattern), redact) => {
                let redact = treatment(reader, setting, redact, &Redact::ALL)?;
                redaction = redaction.pattern(pattern, redact);
            }
            (_, Some(_)) => {
                reader.refuse(setting, format!("`{word}` stands alone, without `=`"));
                return None;
            }
            (Entry::None, None) if place == 0 => redaction = Redaction::none(),
            (Entry::None, None) => {
                reader.refuse(
                    setting,
                    "`none` stands first, and what is redacted behind it",
                );
                return None;
            }
            (Entry::Credentials, None) => {}
            (Entry::All, None) => {
                redaction = Pattern::ALL.into_iter().fold(redaction, |rules, pattern| {
                    rules.pattern(pattern, Redact::Mask)
                });
            }
        }
    }
    if let Some(refused) = redaction.refused().first() {
        reader.refuse(
            setting,
            format!("`{KEY}{}`: {}", refused.name, refused.reason),
        );
        return None;
    }
    Some(redaction)
}

fn entries() -> impl Iterator<Item = Choice<Entry>> {
    [
        Choice::Offered("credentials", Entry::Credentials),
        Choice::Offered("all", Entry::All),
        Choice::Offered("none", Entry::None),
        Choice::Refused("key", "needs a name: write `key:name`".to_owned()),
    ]
    .into_iter()
    .chain(Pattern::ALL.map(|pattern| Choice::Offered(pattern.name(), Entry::Pattern(pattern))))
}

/// Masked, if nothing is said.
fn treatment(
    reader: &mut Reader<'_>,
    setting: Setting<'_>,
    word: Option<&str>,
    offered: &[Redact],
) -> Option<Redact> {
    let Some(word) = word else {
        return Some(Redact::Mask);
    };
    let offered = offered.iter().map(|it| Choice::Offered(it.name(), *it));
    reader.choice(setting, word.trim(), offered)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn problem(value: &str) -> (String, Option<String>) {
        let error = Config::from_vars([("OTELKIT_REDACTION", value)]).unwrap_err();
        let [problem] = error.problems() else {
            panic!("{error}");
        };
        assert_eq!(problem.key(), "OTELKIT_REDACTION");
        (
            problem.reason().to_owned(),
            problem.nearest().map(str::to_owned),
        )
    }

    #[test]
    fn what_cannot_be_meant_is_told_with_what_is_near() {
        for (value, reason, nearest) in [
            ("emial", "expected `credentials`", Some("email")),
            ("email=hsah", "expected `mask`", Some("hash")),
            ("key:phone=droop", "expected `mask`", Some("drop")),
            ("phone", "expected `credentials`", None),
            ("key", "`key` needs a name", None),
            ("key:", "`key:`: it names nothing", None),
            ("email,none", "`none` stands first", None),
            ("all=mask", "`all` stands alone", None),
        ] {
            let (told, near) = problem(value);
            assert!(told.starts_with(reason), "{value}: {told}");
            assert_eq!(near.as_deref(), nearest, "{value}");
        }
        let misspelt = Config::from_vars([("OTELKIT_REDACTON", "all")]).unwrap_err();
        assert_eq!(misspelt.problems()[0].nearest(), Some("OTELKIT_REDACTION"));
    }

    #[test]
    fn rules_are_added_to_those_for_credentials() {
        let redaction = |value: &str| {
            let config = Config::from_vars([("OTELKIT_REDACTION", value)]).unwrap();
            crate::redact::Redactor::new(&config.redaction)
        };
        let text = "password=hunter2 ada@example.com phone=7";
        let shown = |value| redaction(value).text(text);
        assert_eq!(
            shown("credentials").as_deref(),
            Some("password=[redacted] ada@example.com phone=7")
        );
        assert_eq!(
            shown(" email , key:phone").as_deref(),
            Some("password=[redacted] [redacted:email] phone=[redacted]")
        );
        assert_eq!(
            shown("none,all").as_deref(),
            Some("password=hunter2 [redacted:email] phone=7")
        );
        assert_eq!(
            shown("key:=password=keep,key:=phone=mask").as_deref(),
            Some("password=hunter2 ada@example.com phone=[redacted]")
        );
        assert_eq!(shown("none"), None);
    }
}
