//! [Environment variables as carriers](https://opentelemetry.io/docs/specs/otel/context/env-carriers/):
//! from a process to its children.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::Command;

use super::configured::{self, Propagator};
use super::{Extractor, Injector};

/// What the parent of this process says, in `TRACEPARENT`, `TRACESTATE`, `BAGGAGE` and the like.
///
/// ```
/// use otel_runtime::propagation::{self, Environment};
///
/// // at the beginning of `main`: the work of this process belongs to a span of its parent
/// let parent = propagation::extract(&Environment::of_process());
/// parent.run(|| { /* the program */ });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

/// The variables of a child process that is about to be started.
///
/// ```
/// use std::process::Command;
///
/// use otel_runtime::propagation::{self, ChildEnvironment};
///
/// let mut command = Command::new("make");
/// propagation::inject(&mut ChildEnvironment::of(&mut command));
/// ```
#[derive(Debug)]
pub struct ChildEnvironment<'a>(&'a mut Command);

impl Environment {
    /// Of this process, as it is now.
    ///
    /// Looks at the variables that a format knows, and at no others.
    #[must_use]
    pub fn of_process() -> Self {
        let fields = Propagator::ALL.into_iter().flat_map(Propagator::fields);
        Self::from_vars(fields.filter_map(|field| {
            let name = variable(field);
            let value = std::env::var_os(&name)?;
            Some((name, value))
        }))
    }

    /// These variables.
    pub fn from_vars<V: Into<OsString>>(vars: impl IntoIterator<Item = (String, V)>) -> Self {
        let vars = vars.into_iter().map(|(name, value)| {
            // What is no text stays there, as something that no format takes.
            let value = value.into().to_string_lossy().into_owned();
            (name, value)
        });
        Self(vars.collect())
    }
}

impl Extractor for Environment {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(&variable(key)).map(String::as_str)
    }

    fn get_only(&self, key: &str) -> Option<&str> {
        self.get(key)
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

impl<'a> ChildEnvironment<'a> {
    /// Of this child, without what it would inherit of the context of this process's own parent.
    pub fn of(command: &'a mut Command) -> Self {
        for field in configured::all().flat_map(Propagator::fields) {
            command.env_remove(variable(field));
        }
        Self(command)
    }
}

impl Injector for ChildEnvironment<'_> {
    fn set(&mut self, key: &str, value: String) {
        // With this character in it no child could be started.
        if !value.contains('\0') && !key.contains('\0') {
            self.0.env(variable(key), value);
        }
    }

    fn remove(&mut self, key: &str) {
        self.0.env_remove(variable(key));
    }
}

/// The variable for a key: upper case, and an underscore for what no name has.
fn variable(key: &str) -> String {
    let in_name = |c: char| match c.to_ascii_uppercase() {
        c @ ('A'..='Z' | '0'..='9' | '_') => c,
        _ => '_',
    };
    let first_digit = key.starts_with(|c: char| c.is_ascii_digit());
    let underscore = first_digit.then_some('_');
    underscore
        .into_iter()
        .chain(key.chars().map(in_name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagation::{extract, inject_context};
    use crate::span::Context;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn vars(command: &Command) -> BTreeMap<String, Option<String>> {
        let text = |text: &std::ffi::OsStr| text.to_str().unwrap().to_owned();
        let vars = command.get_envs();
        vars.map(|(name, value)| (text(name), value.map(text)))
            .collect()
    }

    #[test]
    fn names_are_those_that_a_shell_can_have() {
        for (key, name) in [
            ("traceparent", "TRACEPARENT"),
            ("x-b3-traceid", "X_B3_TRACEID"),
            ("Uber-Trace.Id", "UBER_TRACE_ID"),
            ("3d", "_3D"),
            ("a\u{e4}=", "A__"),
        ] {
            assert_eq!(variable(key), name);
        }
    }

    #[test]
    fn a_child_finds_what_its_parent_said() {
        let said = [
            ("TRACEPARENT".to_owned(), PARENT),
            ("TRACESTATE".to_owned(), "a=1"),
            ("BAGGAGE".to_owned(), "k=v"),
        ];
        let context = extract(&Environment::from_vars(said.clone()));
        let mut command = Command::new("child");
        inject_context(context, &mut ChildEnvironment::of(&mut command));
        let said = said.map(|(name, value)| (name, Some(value.to_owned())));
        assert_eq!(vars(&command), BTreeMap::from(said));
    }

    #[test]
    fn a_child_of_no_span_inherits_none() {
        let mut command = Command::new("child");
        inject_context(Context::NONE, &mut ChildEnvironment::of(&mut command));
        let removed = ["BAGGAGE", "TRACEPARENT", "TRACESTATE"];
        assert_eq!(
            vars(&command),
            removed.map(|name| (name.to_owned(), None)).into()
        );
    }
}
