//! Labels of metrics as they may be shown.

use std::borrow::Cow;

use super::names::Decision;
use super::pattern::Redact;
use super::redactor::{Change, Redactor};
use crate::export::Value;
use crate::metric::{AttributeValue, Attributes, Metrics};
use crate::value::secret::REDACTED;

impl Redactor {
    /// Hides what nobody shall see in the labels. Series that cannot be told apart any more become
    /// one.
    pub(crate) fn labels(&mut self, metrics: &mut Metrics) {
        if self.is_on() {
            metrics.relabel(|attributes| self.of_series(attributes));
        }
    }

    /// True if something has changed.
    fn of_series(&mut self, attributes: &mut Attributes) -> bool {
        let mut has_changed = false;
        attributes.retain_mut(|(key, value)| {
            let change = match value {
                // The program's text has it.
                AttributeValue::Str(Cow::Borrowed(_)) if !self.hides(key) => None,
                AttributeValue::Str(text) => self.value(key, &Value::Str(text)),
                AttributeValue::Int(number) => self.value(key, &Value::Int(*number)),
                AttributeValue::Bool(_) => None,
            };
            has_changed |= change.is_some();
            match change {
                None => return true,
                Some(Change::Drop) => return false,
                Some(Change::Text(text)) => *value = text.into(),
                Some(_) => *value = REDACTED.into(),
            }
            true
        });
        has_changed
    }

    fn hides(&mut self, key: &str) -> bool {
        matches!(self.names.decide(key), Decision::ByName(redact) if redact != Redact::Keep)
    }
}
