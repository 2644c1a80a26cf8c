//! The nouns every layer speaks of: a resource, its key, and where it came from.

use std::fmt;

use otel_runtime::Label;
use otel_runtime::value::{Capture, Sink};
use serde::{Deserialize, Serialize};

/// The database's number for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResourceId(pub i64);

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A field of a span may be an id: it is recorded as its number.
impl Capture for ResourceId {
    fn capture(&self, sink: &mut Sink<'_>) {
        self.0.capture(sink);
    }
}

/// What tells resources apart: no two have all three in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResourceKey {
    /// What it is called.
    pub name: String,
    /// Which version of it.
    pub version: String,
    /// Where it comes from, such as a registry; empty for what lies in the workspace itself.
    pub source: String,
}

impl fmt::Display for ResourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)?;
        match self.source.as_str() {
            "" => Ok(()),
            source => write!(f, " ({source})"),
        }
    }
}

/// Who put a resource into the database; an import touches only its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Label, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// An imported lock file.
    Lockfile,
    /// A person or a program, by hand.
    User,
}

impl Origin {
    /// Its form in the database and in telemetry.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lockfile => "lockfile",
            Self::User => "user",
        }
    }
}

/// What a resource says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Description {
    /// Name, version and source.
    pub key: ResourceKey,
    /// The checksum of its contents, in lowercase hexadecimal, where there is one.
    pub checksum: Option<String>,
}

/// A resource as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// Its number.
    pub id: ResourceId,
    /// What it says of itself.
    pub description: Description,
    /// Who put it there.
    pub origin: Origin,
}

/// `dependent` needs `dependency`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// The one that needs.
    pub dependent: ResourceId,
    /// The one that is needed.
    pub dependency: ResourceId,
}
