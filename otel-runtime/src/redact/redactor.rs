//! The rules, ready to be applied to one thing after the other; the collector's thread has one.

use std::sync::Arc;

use super::hash::HashKey;
use super::names::{Decision, Names};
use super::pattern::{Pattern, Redact};
use super::rules::Redaction;
use super::scan::{self, MARK};
use super::screen::Screen;
use super::text::Text;
use crate::export::{Array, Value};
use crate::site::{PerSite, Site};
use crate::stats;
use crate::value::secret::REDACTED;

/// A card's number has twelve digits at least.
const LEAST_CARD: i64 = 100_000_000_000;

/// Applies the rules. Where none fits, nothing is allocated.
#[derive(Debug)]
pub(crate) struct Redactor {
    pub(super) names: Names,
    /// Of the keys that a Site declares, in their order.
    decided: PerSite<Arc<[Decision]>>,
    screen: Screen,
    key: HashKey,
    is_on: bool,
}

/// What takes the place of a value.
#[derive(Debug, PartialEq)]
pub(super) enum Change {
    /// The attribute is left out.
    Drop,
    /// It is `[redacted]`.
    Mask,
    /// An array of one `[redacted]`.
    MaskAll,
    Text(String),
    /// Some of the texts of an array.
    Texts(Vec<Option<String>>),
}

/// How a text came out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Searched {
    /// Nothing is in it.
    Clean,
    Changed(String),
    /// Something is in it that is to be dropped.
    Drop,
}

impl Redactor {
    pub(crate) fn new(rules: &Redaction) -> Self {
        let names = Names::new(rules.clone());
        Self {
            key: rules.key(),
            is_on: !rules.is_none(),
            decided: PerSite::default(),
            screen: Screen::new(&names),
            names,
        }
    }

    pub(super) const fn is_on(&self) -> bool {
        self.is_on
    }

    /// What becomes of the value of this key; `None` if it stays.
    pub(super) fn value(&mut self, key: &str, value: &Value<'_>) -> Option<Change> {
        let decision = self.names.decide(key);
        match self.stays(decision, value) {
            true => None,
            false => self.change(decision, value),
        }
    }

    /// What is decided of the keys that the Site declares.
    pub(super) fn decisions(&mut self, site: &'static Site) -> Arc<[Decision]> {
        let names = &self.names;
        let fields = site.spec().fields.iter();
        let decide = || fields.map(|field| names.decide_anew(field.key)).collect();
        Arc::clone(self.decided.of(site, decide))
    }

    /// False only if there is nothing in the text.
    #[inline]
    pub(super) fn may_hold(&self, text: &str) -> bool {
        self.screen.may_hold(text, &self.names)
    }

    /// True if a look is enough to see that nothing becomes of the value of such a key.
    #[inline]
    pub(super) fn stays(&self, decision: Decision, value: &Value<'_>) -> bool {
        match (decision, value) {
            (Decision::Harmless, _) => true,
            (Decision::Search, Value::Str(text)) => !self.may_hold(text),
            (Decision::Search, Value::Int(number)) => *number < LEAST_CARD,
            (Decision::Search, Value::Bool(_) | Value::Double(_)) => true,
            (Decision::Search, Value::Array(_)) | (Decision::ByName(_), _) => false,
        }
    }

    /// What becomes of the value of a key of which this is decided; `None` if it stays.
    pub(super) fn change(&self, decision: Decision, value: &Value<'_>) -> Option<Change> {
        match (decision, value) {
            (Decision::ByName(Redact::Keep) | Decision::Harmless, _) | (_, Value::Bool(_)) => None,
            (Decision::ByName(redact), value) => self.by_name(redact, value),
            (Decision::Search, Value::Str(text)) => match self.search_thoroughly(text, true) {
                Searched::Clean => None,
                Searched::Changed(text) => Some(Change::Text(text)),
                Searched::Drop => Some(Change::Drop),
            },
            (Decision::Search, Value::Array(Array::Strs(texts))) => self.texts(texts),
            (Decision::Search, Value::Int(number)) => self.number(*number),
            (Decision::Search, _) => None,
        }
    }

    /// What becomes of a text that is no attribute; `None` if it stays.
    pub(crate) fn text(&self, text: &str) -> Option<String> {
        match self.search(text, false) {
            Searched::Changed(text) => Some(text),
            Searched::Clean | Searched::Drop => None,
        }
    }

    /// Looks for everything in a text. `drops` says if it can be left out as a whole.
    #[inline]
    pub(super) fn search(&self, text: &str, drops: bool) -> Searched {
        match self.may_hold(text) {
            true => self.search_thoroughly(text, drops),
            false => Searched::Clean,
        }
    }

    /// The same for a text that may hold something.
    pub(super) fn search_thoroughly(&self, text: &str, drops: bool) -> Searched {
        match self.look_through(text, drops) {
            Searched::Changed(shown) => self.search_again(shown, drops),
            searched => searched,
        }
    }

    /// A mark is another neighbour than what it hides: what was part of a longer word can stand by
    /// itself now.
    #[cold]
    fn search_again(&self, mut shown: String, drops: bool) -> Searched {
        /// Two are enough for all but texts that are made up to need more.
        const MOST_LOOKS: usize = 8;
        for _ in 0..MOST_LOOKS {
            match self.look_through(&shown, drops) {
                Searched::Clean => break,
                Searched::Changed(again) => shown = again,
                Searched::Drop => return Searched::Drop,
            }
        }
        Searched::Changed(shown)
    }

    fn look_through(&self, text: &str, drops: bool) -> Searched {
        let mut left = Text::new(text);
        let mut shown = String::new();
        while let Some(found) = scan::find(left, &self.names) {
            count(found.pattern);
            if drops && found.redact == Redact::Drop && found.pattern.is_some() {
                return Searched::Drop;
            }
            shown.push_str(left.slice(left.floor()..found.range.start));
            let value = left.slice(found.range.clone());
            self.push_mark(&mut shown, value, found.pattern, found.redact);
            left = left.after(found.range.end);
        }
        if left.floor() == 0 {
            return Searched::Clean;
        }
        shown.push_str(left.slice(left.floor()..left.len()));
        Searched::Changed(shown)
    }

    /// A rule by name is about the whole value.
    #[cold]
    fn by_name(&self, redact: Redact, value: &Value<'_>) -> Option<Change> {
        let is_done = match value {
            Value::Str(text) => text.is_empty() || is_mark(text),
            Value::Array(array) => array
                .iter()
                .all(|it| matches!(it, Value::Str(it) if is_mark(it))),
            Value::Bool(_) => true,
            Value::Int(_) | Value::Double(_) => false,
        };
        if is_done {
            return None;
        }
        count(None);
        Some(match (redact, value) {
            (Redact::Drop, _) => Change::Drop,
            (Redact::Hash, Value::Str(text)) => Change::Text(self.hashed(text)),
            (Redact::Hash, Value::Int(number)) => Change::Text(self.hashed(&number.to_string())),
            (Redact::Hash, Value::Double(number)) => Change::Text(self.hashed(&number.to_string())),
            (Redact::Hash, Value::Array(Array::Strs(texts))) => {
                let each = texts.iter().map(|text| Some(self.hashed(text)));
                Change::Texts(each.collect())
            }
            (_, Value::Array(_)) => Change::MaskAll,
            _ => Change::Mask,
        })
    }

    fn texts(&self, texts: &[&str]) -> Option<Change> {
        let mut changes: Vec<Option<String>> = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            match self.search(text, true) {
                Searched::Clean => {}
                Searched::Changed(text) => {
                    changes.resize(texts.len(), None);
                    changes[place] = Some(text);
                }
                Searched::Drop => return Some(Change::Drop),
            }
        }
        (!changes.is_empty()).then_some(Change::Texts(changes))
    }

    /// A card's number can be given as one.
    fn number(&self, number: i64) -> Option<Change> {
        let redact = self.names.rules().of(Pattern::Card)?;
        if number < LEAST_CARD || !super::card::is_number(number) {
            return None;
        }
        count(Some(Pattern::Card));
        if redact == Redact::Drop {
            return Some(Change::Drop);
        }
        let mut shown = String::new();
        self.push_mark(&mut shown, &number.to_string(), Some(Pattern::Card), redact);
        Some(Change::Text(shown))
    }

    fn hashed(&self, text: &str) -> String {
        let mut shown = String::new();
        self.push_mark(&mut shown, text, None, Redact::Hash);
        shown
    }

    /// `[redacted]`, `[redacted:email]`, `[redacted:email:bcdfghjkmnpqrstw]`.
    fn push_mark(&self, to: &mut String, value: &str, pattern: Option<Pattern>, redact: Redact) {
        to.push_str(MARK);
        if let Some(pattern) = pattern {
            to.push(':');
            to.push_str(pattern.name());
        }
        if redact == Redact::Hash {
            to.push(':');
            to.push_str(&self.key.letters(value));
        }
        to.push(']');
    }
}

fn count(pattern: Option<Pattern>) {
    stats::count_redacted(pattern.map_or(0, |pattern| 1 + pattern as usize));
}

/// What the conventions write, and so does what has redacted something before us.
const BY_CONVENTION: &str = "REDACTED";

/// True if this is what stands for something redacted, and nothing else.
fn is_mark(text: &str) -> bool {
    text == REDACTED || text == BY_CONVENTION || scan::mark(Text::new(text), 0) == Some(text.len())
}
