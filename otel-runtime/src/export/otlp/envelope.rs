//! What stands around the spans, metrics or log records of a request: the resource, and their scopes.
//!
//! The messages of all signals have the same fields at this height, under other names.

use super::protobuf::{delimited_len, length_tag, put_delimited, put_header};
use super::{Encoding, encode, json};
use crate::resource::Resource;

/// Encodes the request of one signal around what its scopes hold.
#[derive(Debug)]
pub(super) struct Envelope {
    encoding: Encoding,
    names: &'static Names,
    /// The encoded resource: a protobuf field, or a JSON object.
    resource: Vec<u8>,
    schema_url: &'static str,
}

/// What JSON calls the fields.
#[derive(Debug)]
pub(super) struct Names {
    by_resource: &'static str,
    by_scope: &'static str,
    items: &'static str,
}

pub(super) static SPANS: Names = Names {
    by_resource: "resourceSpans",
    by_scope: "scopeSpans",
    items: "spans",
};
pub(super) static METRICS: Names = Names {
    by_resource: "resourceMetrics",
    by_scope: "scopeMetrics",
    items: "metrics",
};
pub(super) static LOGS: Names = Names {
    by_resource: "resourceLogs",
    by_scope: "scopeLogs",
    items: "logRecords",
};

/// An encoded scope, and what it holds: protobuf fields, or JSON objects with a comma after each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Enclosed<'a> {
    pub(super) scope: &'a [u8],
    pub(super) items: &'a [u8],
}

impl Envelope {
    pub(super) fn new(encoding: Encoding, names: &'static Names, resource: &Resource) -> Self {
        let mut encoded = Vec::new();
        match encoding {
            Encoding::Protobuf => encode::put_resource(&mut encoded, resource),
            Encoding::Json | Encoding::JsonLine => json::put_resource(&mut encoded, resource),
        }
        Self {
            encoding,
            names,
            resource: encoded,
            schema_url: resource.schema_url(),
        }
    }

    pub(super) const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Appends the request to `body`.
    pub(super) fn put<'a>(
        &self,
        body: &mut Vec<u8>,
        scopes: impl Iterator<Item = Enclosed<'a>> + Clone,
    ) {
        match self.encoding {
            Encoding::Protobuf => self.put_protobuf(body, scopes),
            Encoding::Json => self.put_json(body, scopes),
            Encoding::JsonLine => {
                self.put_json(body, scopes);
                body.push(b'\n');
            }
        }
    }

    fn put_protobuf<'a>(
        &self,
        body: &mut Vec<u8>,
        scopes: impl Iterator<Item = Enclosed<'a>> + Clone,
    ) {
        let scope_len = |enclosed: &Enclosed<'_>| enclosed.scope.len() + enclosed.items.len();
        let len = self.resource.len()
            + delimited_len(self.schema_url.len())
            + scopes
                .clone()
                .map(|enclosed| delimited_len(scope_len(&enclosed)))
                .sum::<usize>();
        body.reserve_exact(delimited_len(len));
        put_header(body, length_tag(1), len);
        body.extend_from_slice(&self.resource);
        for enclosed in scopes {
            put_header(body, length_tag(2), scope_len(&enclosed));
            body.extend_from_slice(enclosed.scope);
            body.extend_from_slice(enclosed.items);
        }
        put_delimited(body, length_tag(3), self.schema_url.as_bytes());
    }

    fn put_json<'a>(&self, body: &mut Vec<u8>, scopes: impl Iterator<Item = Enclosed<'a>>) {
        let put = |body: &mut Vec<u8>, pieces: &[&str]| {
            for piece in pieces {
                body.extend_from_slice(piece.as_bytes());
            }
        };
        let names = self.names;
        put(body, &["{\"", names.by_resource, "\":[{\"resource\":"]);
        body.extend_from_slice(&self.resource);
        put(body, &[",\"", names.by_scope, "\":["]);
        for (index, enclosed) in scopes.enumerate() {
            if index > 0 {
                body.push(b',');
            }
            put(body, &["{\"scope\":"]);
            body.extend_from_slice(enclosed.scope);
            put(body, &[",\"", names.items, "\":["]);
            body.extend_from_slice(enclosed.items.strip_suffix(b",").unwrap_or_default());
            put(body, &["]}"]);
        }
        put(body, &["],\"schemaUrl\":\"", self.schema_url, "\"}]}"]);
    }
}

/// An encoded scope, as [`Enclosed`] wants it.
pub(super) fn scope(encoding: Encoding, name: &str, version: &str) -> Vec<u8> {
    let scope = crate::export::view::Scope { name, version };
    let mut encoded = Vec::new();
    match encoding {
        Encoding::Protobuf => encode::put_scope(&mut encoded, scope),
        Encoding::Json | Encoding::JsonLine => json::put_scope(&mut encoded, scope),
    }
    encoded
}
