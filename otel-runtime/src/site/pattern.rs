//! Which places a pattern means.

/// Where something is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The part of the program.
    pub(crate) target: &'a str,
    /// The module.
    pub(crate) module: &'a str,
    pub(crate) file: &'a str,
    /// 0 if unknown.
    pub(crate) line: u32,
}

impl Place<'_> {
    /// True if the pattern means it: an empty one, its target or module or one above it, or its file
    /// and line (`src/cart.rs:17`).
    pub(crate) fn is_meant_by(&self, pattern: &str) -> bool {
        pattern.is_empty()
            || is_in(self.target, pattern)
            || is_in(self.module, pattern)
            || self.is_at(pattern)
    }

    fn is_at(&self, pattern: &str) -> bool {
        let Some((file, line)) = pattern.rsplit_once(':') else {
            return false;
        };
        line.parse() == Ok(self.line)
            && self
                .file
                .strip_suffix(file)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '\\']))
    }
}

/// True if the path is that of the pattern or below it.
fn is_in(path: &str, pattern: &str) -> bool {
    path.strip_prefix(pattern).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with("::") || rest.starts_with(['.', '/'])
    })
}
