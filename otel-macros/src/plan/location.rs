//! Where the annotated place is, as the compiler knows it while it expands.

use proc_macro2::Span;

/// File, line and column, and the package that is being compiled.
pub(crate) struct Location {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) package: String,
    pub(crate) version: String,
}

impl Location {
    /// The location of `span`; placeholders outside of a compiler, as in a snapshot test.
    pub(crate) fn of(span: Span) -> Self {
        if !proc_macro::is_available() {
            return Self {
                file: "src/lib.rs".into(),
                line: 1,
                column: 1,
                package: "package".into(),
                version: "0.0.0".into(),
            };
        }
        let span = span.unwrap();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let variable = |name| std::env::var(name).unwrap_or_default();
        Self {
            file: span.file(),
            line: number(span.line()),
            column: number(span.column()),
            package: variable("CARGO_PKG_NAME"),
            version: variable("CARGO_PKG_VERSION"),
        }
    }
}
