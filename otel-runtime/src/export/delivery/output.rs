//! What an exporter writes to: a standard stream, a file, or what the program gave it.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::writer::Destination;

pub(crate) enum Output {
    #[cfg(feature = "lines")]
    Stdout,
    #[cfg(feature = "lines")]
    Stderr,
    Path(PathBuf),
    /// Taken when it is opened.
    Writer(Option<Box<dyn Write + Send>>),
}

impl Output {
    pub(crate) fn writer(writer: impl Write + Send + 'static) -> Self {
        Self::Writer(Some(Box::new(writer)))
    }

    /// True if what was written has gone out: nothing is kept back on the way.
    #[cfg(feature = "lines")]
    pub(crate) const fn is_direct(&self) -> bool {
        match self {
            Self::Stdout | Self::Stderr => cfg!(unix),
            Self::Path(_) => true,
            Self::Writer(_) => false,
        }
    }

    /// Something to write to, and what it is called.
    ///
    /// # Errors
    /// If the file cannot be opened, or a writer that was given has been taken before.
    pub(crate) fn open(&mut self) -> io::Result<(Box<dyn Destination>, String)> {
        match self {
            #[cfg(feature = "lines")]
            Self::Stdout => Ok((stream(io::stdout())?, "standard output".to_owned())),
            #[cfg(feature = "lines")]
            Self::Stderr => Ok((stream(io::stderr())?, "standard error".to_owned())),
            Self::Path(path) => Ok((writing_to(append_to(path)?), path.display().to_string())),
            Self::Writer(writer) => match writer.take() {
                Some(writer) => Ok((Box::new(writer), "the given writer".to_owned())),
                None => Err(io::Error::other("it was started before")),
            },
        }
    }

    /// True if a person reads it.
    #[cfg(feature = "lines")]
    pub(crate) fn is_terminal(&self) -> bool {
        use std::io::IsTerminal;

        match self {
            Self::Stdout => io::stdout().is_terminal(),
            Self::Stderr => io::stderr().is_terminal(),
            Self::Path(_) | Self::Writer(_) => false,
        }
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    File::options()
        .append(true)
        .create(true)
        .open(path)
        .map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("cannot open `{}`: {error}", path.display()),
            )
        })
}

/// A handle of our own: what hangs must not hold the lock that the program's `println!` takes.
#[cfg(all(unix, feature = "lines"))]
fn stream(stream: impl std::os::fd::AsFd) -> io::Result<Box<dyn Destination>> {
    let handle = stream.as_fd().try_clone_to_owned()?;
    Ok(writing_to(File::from(handle)))
}

#[cfg(all(not(unix), feature = "lines"))]
fn stream(stream: impl Write + Send + 'static) -> io::Result<Box<dyn Destination>> {
    let stream: Box<dyn Write + Send> = Box::new(stream);
    Ok(Box::new(stream))
}

impl Destination for File {}

/// What is no regular file may make a writer wait.
fn writing_to(file: File) -> Box<dyn Destination> {
    #[cfg(unix)]
    if !file.metadata().is_ok_and(|it| it.is_file()) {
        return Box::new(super::polled::Polled::new(file));
    }
    Box::new(file)
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "lines")]
            Self::Stdout => f.write_str("Stdout"),
            #[cfg(feature = "lines")]
            Self::Stderr => f.write_str("Stderr"),
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Writer(_) => f.write_str("Writer"),
        }
    }
}
