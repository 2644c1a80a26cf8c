//! The words of a summary, as they are found.

/// The most characters of a summary, by the [semantic conventions].
///
/// [semantic conventions]: https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query
const LONGEST_CHARS: usize = 255;

/// Operations and what they are applied to, in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    words: String,
    chars: usize,
    is_full: bool,
    pub(crate) statements: usize,
    /// The first operation of the first statement.
    pub(crate) operation: Option<String>,
    collection: Collection,
    pub(crate) procedure: Option<String>,
}

#[derive(Debug, Default)]
enum Collection {
    #[default]
    None,
    One(String),
    Several,
}

impl Summary {
    /// An operation, with single spaces between its words.
    pub(crate) fn operation(&mut self, operation: &str, is_first: bool) {
        self.word(operation);
        if is_first {
            self.statements += 1;
            if self.statements == 1 {
                self.operation = Some(operation.to_owned());
            }
        }
    }

    /// A table, or what is like one.
    pub(crate) fn collection(&mut self, name: &str) {
        self.word(name);
        match &self.collection {
            Collection::None => self.collection = Collection::One(name.to_owned()),
            Collection::One(known) if known == name => {}
            Collection::One(_) | Collection::Several => self.collection = Collection::Several,
        }
    }

    /// A procedure that is called.
    pub(crate) fn procedure(&mut self, name: &str) {
        self.word(name);
        self.procedure.get_or_insert_with(|| name.to_owned());
    }

    /// What is neither.
    pub(crate) fn target(&mut self, name: &str) {
        self.word(name);
    }

    /// Adds a word while all of it fits.
    fn word(&mut self, word: &str) {
        let space = usize::from(!self.words.is_empty());
        let chars = self.chars + space + word.chars().take(LONGEST_CHARS + 1).count();
        self.is_full |= chars > LONGEST_CHARS;
        if !self.is_full {
            self.words.push_str(&" "[..space]);
            self.words.push_str(word);
            self.chars = chars;
        }
    }

    pub(crate) fn one_collection(&mut self) -> Option<String> {
        match std::mem::take(&mut self.collection) {
            Collection::One(name) => Some(name),
            Collection::None | Collection::Several => None,
        }
    }

    pub(crate) fn words(self) -> Option<String> {
        (!self.words.is_empty()).then_some(self.words)
    }
}
