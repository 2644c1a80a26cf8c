//! What is looked for in texts, and what becomes of what is found.

/// What a text can hold that nobody should see.
///
/// ```
/// use otel_runtime::redact::{Pattern, Redact, Redaction};
///
/// let redaction = Redaction::credentials().pattern(Pattern::Email, Redact::Hash);
/// # let _ = redaction;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pattern {
    /// Bearer and basic authentication, JSON web tokens, private keys in PEM, and the tokens of
    /// services that can be told by how they begin (`ghp_`, `AKIA`, `xoxb-`, `sk_live_` and others).
    Token,
    /// `user:password@` of a URL.
    Userinfo,
    /// An e-mail address.
    Email,
    /// A number that a payment card can have: a known beginning, its length, and the checksum.
    Card,
    /// An IP address, version 4 or 6, but for loopback and unspecified ones.
    Ip,
}

/// What becomes of it.
///
/// What replaces something always begins with `[redacted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Redact {
    /// `[redacted]`, or `[redacted:email]` where a pattern was found.
    Mask,
    /// The same with sixteen letters that depend on the value and a key: equal values remain equal,
    /// and nobody without the key can try which value it was.
    Hash,
    /// Nothing: the attribute is left out. Within a text that is no attribute, as [`Mask`](Self::Mask).
    Drop,
    /// It stays as it is, whatever a later rule says.
    Keep,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Token,
        Self::Userinfo,
        Self::Email,
        Self::Card,
        Self::Ip,
    ];

    /// What it is called in variables and in what replaces it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Userinfo => "userinfo",
            Self::Email => "email",
            Self::Card => "card",
            Self::Ip => "ip",
        }
    }
}

impl Redact {
    pub(crate) const ALL: [Self; 4] = [Self::Mask, Self::Hash, Self::Drop, Self::Keep];

    /// What it is called in variables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::Hash => "hash",
            Self::Drop => "drop",
            Self::Keep => "keep",
        }
    }
}
