//! What is going on between two parentheses.

/// What is going on between two parentheses, or in the whole statement.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) doing: Doing,
    /// A statement can begin here.
    pub(crate) is_start: bool,
    /// One has begun, and named queries may stand before its second half.
    pub(crate) has_begun: bool,
    pub(crate) wants: Wants,
    /// After a comma comes another table.
    pub(crate) is_list: bool,
    pub(crate) with: With,
}

/// Which statement it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doing {
    /// None: an expression.
    #[default]
    Nothing,
    Select,
    /// What `DELETE` and `MERGE` have in common: `USING` names tables.
    Delete,
    Insert,
    Update,
    /// `CREATE INDEX .. ON table`.
    Index,
    /// A list of tables in parentheses.
    Tables,
    /// Something that may hold a query, and of which only that is told.
    Other,
    /// Nothing more is told of it.
    Done,
    /// Nor of this, which may hold semicolons.
    Program,
}

/// What the next name is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wants {
    #[default]
    Nothing,
    /// A table, unless parentheses follow: then it is a function.
    Table,
    /// A table, whose columns may follow in parentheses.
    TableWithColumns,
    Procedure,
    /// What is neither.
    Thing,
}

/// How far the names of `WITH` are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum With {
    #[default]
    None,
    Name,
    As,
    Body,
    AfterBody,
}

impl Scope {
    /// Where a statement can begin.
    pub(crate) const START: Self = Self {
        doing: Doing::Nothing,
        is_start: true,
        has_begun: false,
        wants: Wants::Nothing,
        is_list: false,
        with: With::None,
    };
}
