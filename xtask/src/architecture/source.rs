//! One source file: its module, and what it imports from its own crate.

/// A file and its text.
pub(super) struct Source {
    /// From the workspace's root, with `/`.
    pub(super) file: String,
    pub(super) text: String,
}

/// One path into the own crate, counted from its root.
#[derive(Debug, PartialEq)]
pub(super) struct Import {
    pub(super) line: usize,
    pub(super) path: Vec<String>,
}

impl Source {
    /// The module's path from the crate's root. `None` for the root itself, which may import
    /// anything, and for tests.
    pub(super) fn module(&self) -> Option<Vec<String>> {
        let (_, inner) = self.file.split_once("src/")?;
        let mut path: Vec<String> = inner
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        if path.last().is_some_and(|last| last == "mod") {
            path.pop();
        }
        (!self.is_tests() && path != ["lib"] && path != ["main"]).then_some(path)
    }

    /// Every path that starts with `crate::` or `super::`, groups taken apart; tests left out.
    pub(super) fn imports(&self) -> Vec<Import> {
        let module = self.module().unwrap_or_default();
        let code = blanked(self.split_tests().0);
        let mut imports = Vec::new();
        let mut at = 0;
        while let Some((start, base, rest)) = next_path(&code, at, &module) {
            let line = code[..start].matches('\n').count() + 1;
            at = tree(&code, rest, base, &mut |path| {
                imports.push(Import { line, path });
            });
        }
        imports
    }

    /// Lines of code, and lines of tests.
    pub(super) fn lengths(&self) -> (usize, usize) {
        if self.is_tests() {
            return (0, self.text.lines().count());
        }
        let (code, tests) = self.split_tests();
        (code.lines().count(), tests.lines().count())
    }

    fn is_tests(&self) -> bool {
        let stem = self
            .file
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs");
        stem == "tests" || stem.ends_with("_tests") || self.file.contains("/tests/")
    }

    /// What stands before the inline module of tests, and the module.
    fn split_tests(&self) -> (&str, &str) {
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let attribute = line.trim_start();
            let after = &self.text[start + line.len()..];
            let only_tests = ["test", "loom"].iter().any(|word| attribute.contains(word));
            let opens_module = after
                .lines()
                .next()
                .is_some_and(|l| l.starts_with("mod ") && l.ends_with('{'));
            if attribute.starts_with("#[cfg(") && only_tests && opens_module {
                return self.text.split_at(start);
            }
            start += line.len();
        }
        (&self.text, "")
    }
}

/// The next `crate::` or `super::` at or after `from`: where it starts, the module that it names,
/// and where the path goes on.
fn next_path(code: &str, from: usize, module: &[String]) -> Option<(usize, Vec<String>, usize)> {
    let found = |word: &str| {
        code[from..]
            .match_indices(word)
            .map(|(at, _)| from + at)
            .find(|at| {
                let before = code[..*at].chars().next_back();
                let in_visibility = code[..*at].ends_with("in ");
                !before.is_some_and(|c| is_word(c) || c == ':' || c == '$') && !in_visibility
            })
    };
    let (root, parent) = (found("crate::"), found("super::"));
    let start = [root, parent].into_iter().flatten().min()?;
    let mut rest = start + "crate::".len();
    if root == Some(start) {
        return Some((start, Vec::new(), rest));
    }
    let mut depth = 1;
    while code[rest..].starts_with("super::") {
        rest += "super::".len();
        depth += 1;
    }
    Some((
        start,
        module[..module.len().saturating_sub(depth)].to_vec(),
        rest,
    ))
}

/// Reads what follows a `::`: a name that goes on or ends, a group, or a star. Returns its end.
fn tree(code: &str, from: usize, base: Vec<String>, found: &mut impl FnMut(Vec<String>)) -> usize {
    let at = from + blanks(&code[from..]);
    if code[at..].starts_with('{') {
        let mut at = at + 1;
        loop {
            at += blanks(&code[at..]);
            match code[at..].chars().next() {
                None => return at,
                Some('}') => return at + 1,
                Some(',') => at += 1,
                Some(_) => at = tree(code, at, base.clone(), found).max(at + 1),
            }
        }
    }
    let name: String = code[at..].chars().take_while(|c| is_word(*c)).collect();
    let mut end = at + name.len();
    let mut path = base;
    if !name.is_empty() && name != "self" {
        path.push(name);
    }
    let goes_on = code[end..].starts_with("::") && !code[end + 2..].starts_with('<');
    if goes_on {
        return tree(code, end + 2, path, found);
    }
    if code[end..].starts_with('*') {
        end += 1;
    }
    if !path.is_empty() {
        found(path);
    }
    end
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// `code` with comments, strings and characters turned to blanks; lines stay where they are.
fn blanked(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let skip = blank_length(rest, out.chars().next_back());
        let kept = if skip == 0 { first.len_utf8() } else { 0 };
        out.push_str(&rest[..kept]);
        out.extend(
            rest[kept..kept + skip]
                .chars()
                .map(|c| if c == '\n' { '\n' } else { ' ' }),
        );
        rest = &rest[kept + skip..];
    }
    out
}

/// How many bytes of a comment or literal `rest` opens with.
fn blank_length(rest: &str, before: Option<char>) -> usize {
    let until = |end: &str, from: usize| {
        rest[from..]
            .find(end)
            .map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return until("*/", 2);
    }
    if !before.is_some_and(is_word) && rest.starts_with('r') {
        let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
        if rest[1 + hashes..].starts_with('"') {
            return until(&format!("\"{}", "#".repeat(hashes)), 2 + hashes);
        }
    }
    if rest.starts_with('"') {
        return quoted_length(rest, '"');
    }
    // A lifetime has no second quote right after its first letter.
    if rest.starts_with("'\\") || (rest.starts_with('\'') && rest.chars().nth(2) == Some('\'')) {
        return quoted_length(rest, '\'');
    }
    0
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}
