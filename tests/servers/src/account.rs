//! The accounts that database servers ask for: they refuse to run as root.

use std::path::Path;
use std::process::Command;

/// Whom a server runs as, if we are root and so must choose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account that Debian's package made; `None` if we are not root, or there is none.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let id = |of: &[&str]| {
            let output = Command::new("id").args(of).output().ok()?;
            String::from_utf8(output.stdout).ok()?.trim().parse().ok()
        };
        if id(&["-u"]) != Some(0_u32) {
            return None;
        }
        Some(Self {
            uid: id(&["-u", name])?,
            gid: id(&["-g", name])?,
        })
    }

    /// Has the command run as this account.
    pub(crate) fn takes(account: Option<Self>, command: &mut Command) {
        #[cfg(unix)]
        if let Some(Self { uid, gid }) = account {
            std::os::unix::process::CommandExt::uid(command, uid);
            std::os::unix::process::CommandExt::gid(command, gid);
        }
        #[cfg(not(unix))]
        let _ = (account, command);
    }

    /// Gives the directory to this account.
    ///
    /// # Panics
    /// If that is refused.
    pub(crate) fn owns(account: Option<Self>, directory: &Path) {
        #[cfg(unix)]
        if let Some(Self { uid, gid }) = account {
            std::os::unix::fs::chown(directory, Some(uid), Some(gid)).expect("root may do that");
        }
        #[cfg(not(unix))]
        let _ = (account, directory);
    }
}

/// Runs a command to its end.
///
/// # Panics
/// If it fails, or cannot be started though it is there.
pub(crate) fn run(command: &mut Command) -> Option<()> {
    match command.output() {
        Ok(output) => {
            assert!(output.status.success(), "{command:?}: {output:?}");
            Some(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{command:?}: {error}"),
    }
}
