//! Spans as they may be shown.

use std::ptr;

use super::redactor::{Change, Redactor};
use crate::export::{Array, Attribute, EventView, LinkView, SpanView, Status, Value};
use crate::value::secret::REDACTED;

/// What is changed of a list of attributes, by place. Empty, it owns nothing.
pub(super) type Changes = Vec<(usize, Change)>;

/// What is changed of a span.
#[derive(Debug, Default)]
struct SpanChanges {
    name: Option<String>,
    status: Option<String>,
    attributes: Changes,
    events: Vec<(usize, Option<String>, Changes)>,
    links: Vec<(usize, Changes)>,
}

impl Redactor {
    /// Shows the span as it may be seen: as it is, if there is nothing to hide.
    pub(crate) fn show_span(&mut self, span: &SpanView<'_>, show: impl FnOnce(&SpanView<'_>)) {
        let is_bare = span.attributes.is_empty()
            && span.events.is_empty()
            && span.links.is_empty()
            && !matches!(span.status, Status::Error(_))
            && has_given_name(span);
        if is_bare || !self.is_on() || self.is_clean(span) {
            return show(span);
        }
        let changes = self.changes(span);
        if changes.is_none() {
            show(span);
        } else {
            show_changed(span, &changes, show);
        }
    }

    /// True if a look at everything is enough to see that nothing is to be changed.
    fn is_clean(&mut self, span: &SpanView<'_>) -> bool {
        let decisions = self.decisions(span.site);
        let mut declared = span.site.spec().fields.iter().zip(&*decisions);
        (has_given_name(span) || !self.may_hold(span.name))
            && !matches!(span.status, Status::Error(message) if self.may_hold(message))
            && span.attributes.iter().all(|attribute| {
                // Those that are declared come first, in their order.
                let found = declared.find(|(field, _)| ptr::eq(field.key, attribute.key));
                let decision = match found {
                    Some((_, decision)) => *decision,
                    None => self.names.decide(attribute.key),
                };
                self.stays(decision, &attribute.value)
            })
            && span
                .events
                .iter()
                .all(|event| !self.may_hold(event.name) && self.are_clean(event.attributes))
            && span
                .links
                .iter()
                .all(|link| self.are_clean(link.attributes))
    }

    fn are_clean(&mut self, attributes: &[Attribute<'_>]) -> bool {
        attributes.iter().all(|attribute| {
            let decision = self.names.decide(attribute.key);
            self.stays(decision, &attribute.value)
        })
    }

    #[inline(never)]
    fn changes(&mut self, span: &SpanView<'_>) -> SpanChanges {
        let mut changes = SpanChanges {
            name: match has_given_name(span) {
                true => None,
                false => self.text(span.name),
            },
            status: match span.status {
                Status::Error(message) => self.text(message),
                Status::Unset | Status::Ok => None,
            },
            attributes: self.attributes(span.attributes),
            ..SpanChanges::default()
        };
        for (place, event) in span.events.iter().enumerate() {
            let name = self.text(event.name);
            let attributes = self.attributes(event.attributes);
            if name.is_some() || !attributes.is_empty() {
                changes.events.push((place, name, attributes));
            }
        }
        for (place, link) in span.links.iter().enumerate() {
            let attributes = self.attributes(link.attributes);
            if !attributes.is_empty() {
                changes.links.push((place, attributes));
            }
        }
        changes
    }

    pub(super) fn attributes(&mut self, attributes: &[Attribute<'_>]) -> Changes {
        let mut changes = Changes::new();
        for (place, attribute) in attributes.iter().enumerate() {
            if let Some(change) = self.value(attribute.key, &attribute.value) {
                changes.push((place, change));
            }
        }
        changes
    }
}

/// True for a name that the annotation gives: it stands in the program's text.
fn has_given_name(span: &SpanView<'_>) -> bool {
    ptr::eq(span.name, span.site.name())
}

impl SpanChanges {
    fn is_none(&self) -> bool {
        self.name.is_none()
            && self.status.is_none()
            && self.attributes.is_empty()
            && self.events.is_empty()
            && self.links.is_empty()
    }
}

#[cold]
fn show_changed(span: &SpanView<'_>, changes: &SpanChanges, show: impl FnOnce(&SpanView<'_>)) {
    let texts = texts_of(span.attributes, &changes.attributes);
    let attributes = changed(span.attributes, &changes.attributes, &texts);
    let of_events: Vec<_> = changes
        .events
        .iter()
        .map(|(place, _, of_event)| texts_of(span.events[*place].attributes, of_event))
        .collect();
    let event_attributes: Vec<_> = changes
        .events
        .iter()
        .zip(&of_events)
        .map(|((place, _, of_event), texts)| {
            changed(span.events[*place].attributes, of_event, texts)
        })
        .collect();
    let mut events: Vec<EventView<'_>> = span.events.to_vec();
    for ((place, name, _), attributes) in changes.events.iter().zip(&event_attributes) {
        let event = &mut events[*place];
        event.name = name.as_deref().unwrap_or(event.name);
        event.attributes = attributes;
    }
    let of_links: Vec<_> = changes
        .links
        .iter()
        .map(|(place, of_link)| texts_of(span.links[*place].attributes, of_link))
        .collect();
    let link_attributes: Vec<_> = changes
        .links
        .iter()
        .zip(&of_links)
        .map(|((place, of_link), texts)| changed(span.links[*place].attributes, of_link, texts))
        .collect();
    let mut links: Vec<LinkView<'_>> = span.links.to_vec();
    for ((place, _), attributes) in changes.links.iter().zip(&link_attributes) {
        links[*place].attributes = attributes;
    }
    show(&SpanView {
        name: changes.name.as_deref().unwrap_or(span.name),
        status: match &changes.status {
            Some(message) => Status::Error(message),
            None => span.status,
        },
        attributes: &attributes,
        events: &events,
        links: &links,
        ..*span
    });
}

/// The arrays of texts that are changed, to be lent: one for each change of such an array.
pub(super) fn texts_of<'a>(
    attributes: &[Attribute<'a>],
    changes: &'a [(usize, Change)],
) -> Vec<Vec<&'a str>> {
    let arrays =
        changes
            .iter()
            .filter_map(|(place, change)| match (change, attributes[*place].value) {
                (Change::Texts(changed), Value::Array(Array::Strs(texts))) => Some(
                    texts
                        .iter()
                        .zip(changed)
                        .map(|(text, changed)| changed.as_deref().unwrap_or(text))
                        .collect(),
                ),
                _ => None,
            });
    arrays.collect()
}

/// The attributes as they may be seen.
pub(super) fn changed<'a>(
    attributes: &[Attribute<'a>],
    changes: &'a [(usize, Change)],
    texts: &'a [Vec<&'a str>],
) -> Vec<Attribute<'a>> {
    let mut changes = changes.iter().peekable();
    let mut texts = texts.iter();
    let mut shown = Vec::with_capacity(attributes.len());
    for (place, attribute) in attributes.iter().enumerate() {
        let change = changes.next_if(|(changed, _)| *changed == place);
        let value = match change.map(|(_, change)| change) {
            None => attribute.value,
            Some(Change::Drop) => continue,
            Some(Change::Mask) => Value::Str(REDACTED),
            Some(Change::MaskAll) => Value::Array(Array::Strs(&[REDACTED])),
            Some(Change::Text(text)) => Value::Str(text),
            Some(Change::Texts(_)) => match texts.next() {
                Some(texts) => Value::Array(Array::Strs(texts)),
                None => continue,
            },
        };
        shown.push(Attribute {
            key: attribute.key,
            value,
        });
    }
    shown
}
