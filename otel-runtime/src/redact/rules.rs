//! What is to be redacted, as the program or its environment says.

use std::borrow::Cow;

use super::hash::HashKey;
use super::name::NameRule;
use super::pattern::{Pattern, Redact};

/// What nobody shall see, and what becomes of it; given to
/// [`Config::redaction`](crate::Config::redaction).
///
/// Without one, [`Redaction::credentials`] is in force. The rules apply to the fields of spans,
/// events, links and logs, to messages, bodies, names set late, statuses, errors and panics, to
/// baggage on spans, to URLs and statements within any of these, and to the labels of metrics whose
/// values are not known at compile time. They run on the collector's thread, before any exporter
/// sees anything; a caller pays nothing.
///
/// A rule **by name** is about whole values, and about `name=value`, `"name": "value"` and the like
/// within texts. The rule added last wins. A rule **by pattern** is about what a text holds,
/// whatever it is called.
///
/// ```
/// use otel_runtime::redact::{Pattern, Redact, Redaction};
/// use otel_runtime::Config;
///
/// let redaction = Redaction::credentials()
///     .name("phone", Redact::Hash)          // also `user.phone` and `mobilePhone`
///     .name("user.notes.*", Redact::Drop)
///     .name("=page.token", Redact::Keep)    // this name alone; an exception
///     .pattern(Pattern::Email, Redact::Mask);
/// let config = Config::new().redaction(redaction);
/// # let _ = config;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "rules do nothing until they are given to the configuration"]
pub struct Redaction {
    names: Vec<(NameRule, Redact)>,
    patterns: [Option<Redact>; Pattern::ALL.len()],
    key: Option<HashKey>,
    refused: Vec<RefusedName>,
}

/// A name that cannot be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefusedName {
    pub(crate) name: String,
    pub(crate) reason: &'static str,
}

/// The last words of names whose values are credentials.
const CREDENTIALS: [&str; 32] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "db_password",
    "secret",
    "client_secret",
    "secret_key",
    "secret_access_key",
    "private_key",
    "api_key",
    "access_key",
    "access_key_id",
    "account_key",
    "signing_key",
    "encryption_key",
    "token",
    "auth_token",
    "access_token",
    "refresh_token",
    "id_token",
    "jwt",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "x_amz_signature",
    "x_amz_credential",
    "x_goog_signature",
    "x_goog_credential",
    "sig",
];

impl Redaction {
    /// Nothing is redacted.
    pub const fn none() -> Self {
        Self {
            names: Vec::new(),
            patterns: [None; Pattern::ALL.len()],
            key: None,
            refused: Vec::new(),
        }
    }

    /// Credentials are masked: what names such as `password`, `secret`, `token`, `api_key`,
    /// `authorization` and `cookie` hold, [`Pattern::Token`] and [`Pattern::Userinfo`].
    pub fn credentials() -> Self {
        let names = CREDENTIALS.map(|name| (NameRule::Words(name.into()), Redact::Mask));
        Self {
            names: names.into(),
            ..Self::none()
        }
        .pattern(Pattern::Token, Redact::Mask)
        .pattern(Pattern::Userinfo, Redact::Mask)
    }

    /// Adds a rule by name: the last words of a name (`phone`, `api_key`), a name alone
    /// (`=user.id`), or a pattern for whole names (`user.*`). Upper and lower case are the same.
    ///
    /// A name that names nothing is an error when the configuration is validated.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>, redact: Redact) -> Self {
        let name = name.into();
        match NameRule::parse(name.clone()) {
            Ok(rule) => self.names.push((rule, redact)),
            Err(reason) => self.refused.push(RefusedName {
                name: name.into_owned(),
                reason,
            }),
        }
        self
    }

    /// Says what becomes of this pattern, in place of what was said before.
    pub fn pattern(mut self, pattern: Pattern, redact: Redact) -> Self {
        self.patterns[pattern as usize] = Some(redact).filter(|redact| *redact != Redact::Keep);
        self
    }

    /// The key of [`Redact::Hash`]: with the same one, several processes give equal values equal
    /// hashes. Without one each process has its own, a random one.
    pub fn hash_key(mut self, key: [u8; 16]) -> Self {
        self.key = Some(HashKey::of(key));
        self
    }

    pub(crate) fn refused(&self) -> &[RefusedName] {
        &self.refused
    }

    pub(super) fn is_none(&self) -> bool {
        self.names.is_empty() && self.patterns.iter().all(Option::is_none)
    }

    pub(super) fn rule_of(&self, name: &str) -> Option<Redact> {
        let rules = self.names.iter().rev();
        let fitting = rules.into_iter().find(|(rule, _)| rule.is_about(name));
        fitting.map(|(_, redact)| *redact)
    }

    pub(super) const fn names(&self) -> &Vec<(NameRule, Redact)> {
        &self.names
    }

    pub(super) const fn of(&self, pattern: Pattern) -> Option<Redact> {
        self.patterns[pattern as usize]
    }

    pub(super) fn key(&self) -> HashKey {
        self.key.unwrap_or_else(HashKey::random)
    }
}

impl Default for Redaction {
    fn default() -> Self {
        Self::credentials()
    }
}
