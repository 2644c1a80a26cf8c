//! The machine and its operating system.

/// The operating system, as far as it describes itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Os {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) description: Option<String>,
}

/// `host.arch`, of the machine the program was built for.
pub(super) fn arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "arm32",
        "powerpc" => "ppc32",
        "powerpc64" => "ppc64",
        other => other,
    }
}

/// `os.type`.
pub(super) fn os_type() -> &'static str {
    match std::env::consts::OS {
        "macos" | "ios" | "tvos" | "watchos" | "visionos" => "darwin",
        "dragonfly" => "dragonflybsd",
        "android" => "linux",
        "illumos" => "solaris",
        other => other,
    }
}

/// `host.name`.
pub(super) fn name() -> Option<String> {
    system::host_name().filter(|name| !name.is_empty())
}

/// `os.name`, `os.version` and `os.description`.
pub(super) fn os() -> Os {
    system::os()
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::fs;

    use super::Os;

    pub(super) fn host_name() -> Option<String> {
        first_line("/proc/sys/kernel/hostname")
    }

    pub(super) fn os() -> Os {
        let release = ["/etc/os-release", "/usr/lib/os-release"]
            .into_iter()
            .find_map(|path| fs::read_to_string(path).ok())
            .unwrap_or_default();
        let mut os = super::os_release(&release);
        if let Some(kernel) = first_line("/proc/sys/kernel/osrelease") {
            let system = os.description.take().or_else(|| os.name.clone());
            os.description = Some(match system {
                Some(system) => format!("{system} (Linux {kernel})"),
                None => format!("Linux {kernel}"),
            });
        }
        os
    }

    fn first_line(path: &str) -> Option<String> {
        let text = fs::read_to_string(path).ok()?;
        Some(text.lines().next()?.to_owned())
    }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
mod system {
    use std::ffi::CStr;
    use std::mem::MaybeUninit;

    use super::Os;

    pub(super) fn host_name() -> Option<String> {
        Some(field(&uname()?.nodename))
    }

    pub(super) fn os() -> Os {
        let Some(uname) = uname() else {
            return Os::default();
        };
        let (system, release) = (field(&uname.sysname), field(&uname.release));
        Os {
            description: Some(format!("{system} {release}")),
            version: Some(release),
            name: Some(system),
        }
    }

    #[allow(unsafe_code)]
    fn uname() -> Option<libc::utsname> {
        let mut uname = MaybeUninit::uninit();
        // SAFETY: `uname` fills the struct it is given, or returns an error.
        let status = unsafe { libc::uname(uname.as_mut_ptr()) };
        // SAFETY: a status that is not negative says that the struct was filled.
        (status >= 0).then(|| unsafe { uname.assume_init() })
    }

    fn field(chars: &[libc::c_char]) -> String {
        let bytes: Vec<u8> = chars.iter().map(|&char| char as u8).collect();
        CStr::from_bytes_until_nul(&bytes)
            .map(|text| text.to_string_lossy().into_owned())
            .unwrap_or_default()
    }
}

#[cfg(not(unix))]
mod system {
    use super::Os;

    pub(super) fn host_name() -> Option<String> {
        std::env::var("COMPUTERNAME").ok()
    }

    pub(super) fn os() -> Os {
        Os::default()
    }
}

/// What an [`os-release`](https://www.freedesktop.org/software/systemd/man/latest/os-release.html)
/// file says.
#[cfg_attr(not(any(target_os = "linux", target_os = "android")), allow(dead_code))]
fn os_release(text: &str) -> Os {
    let value = |key: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))?;
        let quotes: &[char] = &['"', '\''];
        let value = line.trim().trim_matches(quotes);
        (!value.is_empty()).then(|| value.to_owned())
    };
    Os {
        name: value("NAME"),
        version: value("VERSION_ID"),
        description: value("PRETTY_NAME"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_os_release_file_gives_name_version_and_description() {
        let text = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME='Debian GNU/Linux'\n\
                    VERSION_ID=12\nVERSION_CODENAME=bookworm\n";
        let os = os_release(text);
        assert_eq!(os.name.as_deref(), Some("Debian GNU/Linux"));
        assert_eq!(os.version.as_deref(), Some("12"));
        assert_eq!(
            os.description.as_deref(),
            Some("Debian GNU/Linux 12 (bookworm)")
        );
        assert_eq!(os_release("garbage\nNAME=\"\""), Os::default());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_kernel_is_part_of_the_description() {
        assert!(os().description.unwrap().contains("Linux "));
    }
}
