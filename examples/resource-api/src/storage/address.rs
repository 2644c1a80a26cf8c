//! Where the resources are kept.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::dialect::Dialect;

/// A database: a file, or an address of a server.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseAddress {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL, MySQL or MariaDB server.
    Server {
        /// Whose words it understands.
        dialect: Dialect,
        /// As sqlx takes it.
        url: String,
    },
}

/// Why a text names no database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a file, sqlite:FILE, postgres://USER:PASSWORD@HOST/NAME or mysql://..")]
pub struct AddressError;

impl DatabaseAddress {
    /// Whose words the database understands.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self {
            Self::File(_) => Dialect::Sqlite,
            Self::Server { dialect, .. } => *dialect,
        }
    }

    /// As sqlx takes it, with the password.
    pub(super) fn url(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite:{}?mode=rwc", percent_encoded(path)),
            Self::Server { url, .. } => url.clone(),
        }
    }
}

impl FromStr for DatabaseAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let server = |dialect| {
            let url = text.to_owned();
            Ok(Self::Server { dialect, url })
        };
        match text.split_once(':') {
            Some(("sqlite", "" | "//" | ":memory:")) => Err(AddressError),
            Some(("sqlite", path)) => Ok(Self::File(path.trim_start_matches("//").into())),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                server(Dialect::Postgres)
            }
            Some(("mysql" | "mariadb", rest)) if rest.starts_with("//") => server(Dialect::MySql),
            Some((_, rest)) if rest.starts_with("//") => Err(AddressError),
            _ if text.is_empty() => Err(AddressError),
            _ => Ok(Self::File(text.into())),
        }
    }
}

impl From<PathBuf> for DatabaseAddress {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

/// Without the user and the password.
impl fmt::Display for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Server { url, .. } => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
                let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                let (authority, rest) = rest.split_at(authority_end);
                let host = authority
                    .rsplit_once('@')
                    .map_or(authority, |(_, host)| host);
                let path = rest.split(['?', '#']).next().unwrap_or("");
                write!(f, "{scheme}://{host}{path}")
            }
        }
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn percent_encoded(path: &Path) -> String {
    let mut encoded = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                encoded.push(char::from(*byte));
            }
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> DatabaseAddress {
        text.parse().unwrap()
    }

    #[test]
    fn files_and_servers_are_told_apart() {
        for (text, dialect, url) in [
            (
                "resources.db",
                Dialect::Sqlite,
                "sqlite:resources.db?mode=rwc",
            ),
            ("sqlite:a/b.db", Dialect::Sqlite, "sqlite:a/b.db?mode=rwc"),
            ("sqlite:///a.db", Dialect::Sqlite, "sqlite:/a.db?mode=rwc"),
            (
                "a?b #.db",
                Dialect::Sqlite,
                "sqlite:a%3Fb%20%23.db?mode=rwc",
            ),
            (
                "postgres://h/n?x=1",
                Dialect::Postgres,
                "postgres://h/n?x=1",
            ),
            ("postgresql://h", Dialect::Postgres, "postgresql://h"),
            ("mysql://u@h:3306/n", Dialect::MySql, "mysql://u@h:3306/n"),
            ("mariadb://h/n", Dialect::MySql, "mariadb://h/n"),
        ] {
            let address = address(text);
            assert_eq!(
                (address.dialect(), &*address.url()),
                (dialect, url),
                "{text}"
            );
        }
    }

    #[test]
    fn what_names_no_database_is_refused() {
        for text in ["", "sqlite:", "sqlite::memory:", "oracle://h/n", "http://h"] {
            assert_eq!(text.parse::<DatabaseAddress>(), Err(AddressError), "{text}");
        }
    }

    #[test]
    fn users_and_passwords_are_not_shown() {
        for (text, shown) in [
            ("postgres://me:p@ss@h:5/n?password=x", "postgres://h:5/n"),
            ("mysql://me@h", "mysql://h"),
            ("mysql://h/n#me:secret@x", "mysql://h/n"),
            ("a@b.db", "a@b.db"),
        ] {
            assert_eq!(address(text).to_string(), shown);
            assert_eq!(format!("{:?}", address(text)), shown);
        }
    }
}
