//! Log records as they may be shown.

use super::redactor::{Change, Redactor};
use super::views::{changed, texts_of};
use crate::export::{Attribute, LogView, Value};

impl Redactor {
    /// Shows the record as it may be seen: as it is, if there is nothing to hide.
    pub(crate) fn show_log(&mut self, log: &LogView<'_>, show: impl FnOnce(&LogView<'_>)) {
        if !self.is_on() {
            return show(log);
        }
        let attributes = self.attributes(log.attributes);
        let body = self.body(&log.body);
        let event_name = self.text(log.event_name);
        if attributes.is_empty() && body.is_none() && event_name.is_none() {
            return show(log);
        }
        let texts = texts_of(log.attributes, &attributes);
        let attributes = changed(log.attributes, &attributes, &texts);
        let bodies = body.map(|change| [(0, change)]);
        let bodies = bodies.as_ref().map_or(&[][..], |bodies| &bodies[..]);
        // A body is changed as the attribute of no name would be.
        let body = [Attribute {
            key: "",
            value: log.body,
        }];
        let body_texts = texts_of(&body, bodies);
        let body = changed(&body, bodies, &body_texts);
        show(&LogView {
            body: body.first().map_or(log.body, |body| body.value),
            event_name: event_name.as_deref().unwrap_or(log.event_name),
            attributes: &attributes,
            ..*log
        });
    }

    /// A body is never dropped.
    fn body(&mut self, body: &Value<'_>) -> Option<Change> {
        match body {
            Value::Str(text) => self.text(text).map(Change::Text),
            _ => self.value("", body).map(|change| match change {
                Change::Drop => Change::Mask,
                change => change,
            }),
        }
    }
}
