//! What a database is asked at an annotated place, as far as that is known at compile time.

/// What a database is asked at a place: the attributes that all its spans and durations have.
#[derive(Clone, Copy, Debug)]
pub struct QuerySpec {
    /// `db.system.name`.
    pub system: &'static str,
    /// The text of the statement.
    pub statement: StatementSpec,
    /// `db.query.summary`.
    pub summary: Option<&'static str>,
    /// `db.operation.name`.
    pub operation: Option<&'static str>,
    /// `db.collection.name`.
    pub collection: Option<&'static str>,
    /// `db.stored_procedure.name`.
    pub procedure: Option<&'static str>,
    /// `db.namespace`.
    pub namespace: Option<&'static str>,
    /// `server.address`.
    pub address: Option<&'static str>,
    /// `server.port`.
    pub port: Option<u16>,
    /// A span that takes longer says so; `None` for as long as the configuration says.
    pub slow_ns: Option<u64>,
    /// The annotation names the spans; else their statements do.
    pub is_named: bool,
    /// Statements are shown as they are, values included.
    pub is_raw: bool,
}

/// Where the text of a statement comes from.
#[derive(Clone, Copy, Debug)]
pub enum StatementSpec {
    /// There is none.
    None,
    /// It was read at compile time: this is what is shown of it.
    Read(&'static str),
    /// It is a constant, which the collector reads.
    Constant(&'static str),
    /// It comes with each call, as the field `db.query.text`, and the collector reads it.
    Given,
}

impl QuerySpec {
    /// Of this system; nothing more is known.
    #[must_use]
    pub const fn new(system: &'static str) -> Self {
        Self {
            system,
            statement: StatementSpec::None,
            summary: None,
            operation: None,
            collection: None,
            procedure: None,
            namespace: None,
            address: None,
            port: None,
            slow_ns: None,
            is_named: false,
            is_raw: false,
        }
    }

    /// The same, with a statement that was read: its summary, and what is shown of it.
    #[must_use]
    pub const fn read(mut self, summary: &'static str, text: &'static str) -> Self {
        self.summary = if summary.is_empty() {
            None
        } else {
            Some(summary)
        };
        self.statement = StatementSpec::Read(text);
        self
    }

    /// The same, with a statement that nobody has read.
    #[must_use]
    pub const fn constant(mut self, text: &'static str) -> Self {
        self.statement = StatementSpec::Constant(text);
        self
    }

    /// The same, with a statement that comes with each call.
    #[must_use]
    pub const fn given(mut self) -> Self {
        self.statement = StatementSpec::Given;
        self
    }

    /// The same, with this operation.
    #[must_use]
    pub const fn operation(mut self, operation: &'static str) -> Self {
        self.operation = Some(operation);
        self
    }

    /// The same, about this collection.
    #[must_use]
    pub const fn collection(mut self, collection: &'static str) -> Self {
        self.collection = Some(collection);
        self
    }

    /// The same, calling this procedure.
    #[must_use]
    pub const fn procedure(mut self, procedure: &'static str) -> Self {
        self.procedure = Some(procedure);
        self
    }

    /// The same, in this namespace.
    #[must_use]
    pub const fn namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// The same, asked of this server.
    #[must_use]
    pub const fn server(mut self, address: &'static str, port: Option<u16>) -> Self {
        self.address = Some(address);
        self.port = port;
        self
    }

    /// The same, slow from this time on.
    #[must_use]
    pub const fn slow_ns(mut self, slow_ns: u64) -> Self {
        self.slow_ns = Some(slow_ns);
        self
    }

    /// The same, with spans that the annotation names.
    #[must_use]
    pub const fn named(mut self) -> Self {
        self.is_named = true;
        self
    }

    /// The same, with statements shown as they are.
    #[must_use]
    pub const fn raw(mut self) -> Self {
        self.is_raw = true;
        self
    }
}
