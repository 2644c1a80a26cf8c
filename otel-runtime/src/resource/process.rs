//! The running program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The program's file.
pub(super) struct Executable {
    pub(super) name: Option<String>,
    pub(super) path: Option<String>,
}

/// The program's file, as far as the system tells.
pub(super) fn executable() -> Executable {
    let path = std::env::current_exe().ok();
    let name = path
        .clone()
        .or_else(|| std::env::args_os().next().map(PathBuf::from));
    Executable {
        name: name.as_deref().and_then(Path::file_name).map(readable),
        path: path.map(|path| readable(path.as_os_str())),
    }
}

fn readable(text: impl Into<OsString>) -> String {
    text.into().to_string_lossy().into_owned()
}
