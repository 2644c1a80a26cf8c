//! The order of stages, read from the document that explains it.

/// Modules of one crate in the order in which data passes them.
pub(super) struct Order {
    stages: Vec<Vec<String>>,
}

impl Order {
    /// Reads the block that opens with "```stages NAME": a module path a line, then what it is.
    pub(super) fn read(document: &str, name: &str) -> Result<Self, String> {
        let opening = format!("```stages {name}");
        let lines = document.lines().skip_while(|line| *line != opening).skip(1);
        let stages: Vec<Vec<String>> = lines
            .take_while(|line| *line != "```")
            .filter_map(|line| line.split_whitespace().next())
            .map(|path| path.split("::").map(str::to_owned).collect())
            .collect();
        if stages.is_empty() {
            Err(format!("no block opens with {opening}"))
        } else {
            Ok(Self { stages })
        }
    }

    /// Where the module at `path` stands: the place of the longest stage that holds it.
    pub(super) fn place(&self, path: &[String]) -> Option<usize> {
        let holding = (0..self.stages.len()).filter(|place| path.starts_with(&self.stages[*place]));
        holding.max_by_key(|place| self.stages[*place].len())
    }

    pub(super) fn name(&self, place: usize) -> String {
        self.stages[place].join("::")
    }
}
