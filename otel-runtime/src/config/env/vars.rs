//! Reading single variables: the types of the specification, and the problems found on the way.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use crate::config::error::ConfigProblem;
use crate::config::nearest::nearest;

/// The variables of an environment, real or made up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vars {
    by_name: BTreeMap<String, OsString>,
}

/// Reads variables and collects what is wrong with them.
pub(super) struct Reader<'v> {
    vars: &'v Vars,
    pub(super) problems: Vec<ConfigProblem>,
    pub(super) warnings: Vec<String>,
}

/// A variable and what it holds; never empty.
#[derive(Clone, Copy)]
pub(super) struct Setting<'v> {
    pub(super) name: &'static str,
    pub(super) text: &'v str,
}

/// One value of an enumeration.
pub(super) enum Choice<T> {
    /// It can be chosen.
    Offered(&'static str, T),
    /// It is a known value that cannot be chosen here, and why.
    Refused(&'static str, String),
}

/// The largest number that every implementation of the specification accepts.
const LARGEST: u32 = i32::MAX as u32;

impl Vars {
    pub(crate) fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let by_name = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name.into().into_string().ok()?, value.into())))
            .filter(|(name, value)| is_of_telemetry(name) && !value.is_empty())
            .collect();
        Self { by_name }
    }

    /// The names of all variables that are set and not empty.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

impl<'v> Reader<'v> {
    pub(super) const fn new(vars: &'v Vars) -> Self {
        Self {
            vars,
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// True if the variable is set and not empty; an empty one counts as unset.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.vars.by_name.contains_key(name)
    }

    /// The first of these variables that is set.
    pub(super) fn first(&mut self, names: &[&'static str]) -> Option<Setting<'v>> {
        let name = names.iter().find(|name| self.is_set(name))?;
        self.setting(name)
    }

    pub(super) fn setting(&mut self, name: &'static str) -> Option<Setting<'v>> {
        let value = self.vars.by_name.get(name)?;
        let text = value.to_str();
        if text.is_none() {
            let problem = ConfigProblem::new(name, "the value is not UTF-8");
            self.problems.push(match is_secret(name) {
                true => problem,
                false => problem.with_value(value.to_string_lossy()),
            });
        }
        Some(Setting { name, text: text? })
    }

    /// Notes what is wrong with a setting.
    pub(super) fn refuse(&mut self, setting: Setting<'_>, reason: impl Into<String>) {
        self.refuse_for(setting, reason, None::<String>);
    }

    pub(super) fn refuse_for(
        &mut self,
        setting: Setting<'_>,
        reason: impl Into<String>,
        nearest: Option<impl Into<String>>,
    ) {
        self.problems.push(
            ConfigProblem::new(setting.name, reason)
                .with_value(setting.text)
                .with_nearest(nearest),
        );
    }

    pub(super) fn boolean(&mut self, names: &[&'static str]) -> Option<bool> {
        let setting = self.first(names)?;
        let is = |word: &str| setting.text.eq_ignore_ascii_case(word);
        if is("true") || is("false") {
            return Some(is("true"));
        }
        let truth = ["1", "yes", "y", "on", "t", "enable", "enabled"];
        let falsehood = ["0", "no", "n", "off", "f", "disable", "disabled"];
        let meant = match () {
            () if truth.into_iter().any(is) => Some("true"),
            () if falsehood.into_iter().any(is) => Some("false"),
            () => nearest(setting.text, ["true", "false"]),
        };
        self.refuse_for(setting, "expected `true` or `false`", meant);
        None
    }

    /// A whole number of at least `least`.
    pub(super) fn integer(&mut self, names: &[&'static str], least: u32) -> Option<u32> {
        let setting = self.first(names)?;
        let number = setting.text.parse().ok();
        let number = number.filter(|number| (least..=LARGEST).contains(number));
        if number.is_none() {
            self.refuse(
                setting,
                format!("expected a whole number from {least} to {LARGEST}"),
            );
        }
        number
    }

    /// A time in milliseconds.
    pub(super) fn duration(&mut self, names: &[&'static str]) -> Option<Duration> {
        let setting = self.first(names)?;
        let number = setting.text.parse::<u32>().ok();
        let number = number.filter(|number| *number <= LARGEST);
        if number.is_none() {
            let meant = milliseconds(setting.text);
            let reason = format!("expected milliseconds, a whole number from 0 to {LARGEST}");
            self.refuse_for(setting, reason, meant);
        }
        number.map(|number| Duration::from_millis(number.into()))
    }

    /// A time in milliseconds after which to give up; 0 stands for never.
    pub(super) fn timeout(&mut self, names: &[&'static str]) -> Option<Duration> {
        let timeout = self.duration(names)?;
        Some(match timeout.is_zero() {
            true => Duration::from_millis(LARGEST.into()),
            false => timeout,
        })
    }

    /// One of several words, in upper or lower case.
    pub(super) fn choice<T>(
        &mut self,
        setting: Setting<'_>,
        word: &str,
        choices: impl IntoIterator<Item = Choice<T>>,
    ) -> Option<T> {
        let mut offered = Vec::new();
        let mut refused = None;
        for choice in choices {
            match choice {
                Choice::Offered(name, value) if name.eq_ignore_ascii_case(word) => {
                    return Some(value);
                }
                Choice::Offered(name, _) => offered.push(name),
                Choice::Refused(name, why) if name.eq_ignore_ascii_case(word) => {
                    refused = Some(format!("`{name}` {why}"));
                }
                Choice::Refused(..) => {}
            }
        }
        let allowed = alternatives(&offered);
        match refused {
            Some(why) => self.refuse(setting, format!("{why}; expected {allowed}")),
            None => {
                let meant = nearest(word, offered);
                self.refuse_for(setting, format!("expected {allowed}"), meant);
            }
        }
        None
    }
}

fn is_of_telemetry(name: &str) -> bool {
    name.starts_with("OTEL_") || name.starts_with("OTELKIT_")
}

/// True if the variable may hold passwords and must not be repeated.
fn is_secret(name: &str) -> bool {
    name.ends_with("_HEADERS")
}

fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match &*quoted {
        [] => "nothing: this build offers none".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// What `5s` or `100ms` was meant to be.
fn milliseconds(text: &str) -> Option<String> {
    let units = [("ms", 1), ("s", 1000), ("m", 60_000)];
    units.into_iter().find_map(|(unit, factor)| {
        let number: u32 = text.strip_suffix(unit)?.trim().parse().ok()?;
        let number = number.checked_mul(factor)?;
        (number <= LARGEST).then(|| number.to_string())
    })
}
