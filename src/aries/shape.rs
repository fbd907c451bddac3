//! How an answer of Aries becomes a table: where its rows are, which columns are shown, in which units and order.
//!
//! This is data of an endpoint row; the writing is done where answers are made.

/// The shape of one endpoint's answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// How the answer is laid out.
    pub(crate) layout: Layout,
    /// Columns; a path may name alternatives, separated by commas, where the documentation knows several.
    pub(crate) columns: &'static [Column],
    /// Facts about the whole answer, shown in its first line.
    pub(crate) head: &'static [Column],
    /// Units and zone, said once.
    pub(crate) units: &'static str,
    /// The order of the rows.
    pub(crate) order: Order,
    /// How more rows are asked for.
    pub(crate) paging: Paging,
    /// Rows shown unless the caller wants another number.
    pub(crate) usual: usize,
}

/// How rows stand in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One element is one row.
    Rows,
    /// One object: one line per column; members that no column names follow if the shape is open.
    One {
        /// Whether unnamed members are shown too.
        open: bool,
    },
    /// One element is one period: periods become columns, figures become rows.
    Turned {
        /// The members that name the period.
        label: &'static [&'static str],
    },
    /// Parallel arrays beside `t`, one per figure.
    Arrays,
    /// Rows whose members are not documented: whatever is plain is shown, named columns first.
    Open,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Our word for it.
    pub(crate) head: &'static str,
    /// Where it stands in a row.
    pub(crate) path: &'static str,
    /// How it is written.
    pub(crate) unit: Unit,
    /// Whether it is shown without being asked for.
    pub(crate) usual: bool,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A price or an amount, all digits that say something.
    Price,
    /// An amount, to the cent.
    Cents,
    /// A quantity without trailing zeros.
    Quantity,
    /// A bare figure, four decimals at most.
    Number,
    /// A figure of a statement: whole from a thousand on, two decimals below.
    Whole,
    /// Percent that Aries sends as percent.
    Percent,
    /// Percent that Aries sends as a fraction.
    Fraction,
    /// A share that Aries sends as a fraction or as percent, told apart by size.
    Share,
    /// An amount that Aries sends in units, shown in millions.
    Millions,
    /// A calendar date.
    Date,
    /// A moment, from a Unix stamp of any precision or RFC 3339, on New York's clock.
    Stamp,
    /// A short word of Aries' own; a long one is quoted.
    Word,
    /// Text of third parties, quoted, at most so many characters.
    Text(usize),
    /// A contract in `O:` or OSI form, shown as OSI.
    Contract,
    /// Yes or no.
    Flag,
    /// Words in a list.
    List,
    /// How many elements there are.
    Count,
    /// Personal data: only enough to recognise it.
    Masked,
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As Aries sends them.
    Sent,
    /// The largest value of a member first; dates count as larger the later they are.
    Down(&'static str),
}

/// How more rows are asked for. What Aries cannot page is paged here, by leaving rows out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paging {
    /// Aries' name for the number of rows, and its maximum.
    pub(crate) limit: Option<(&'static str, usize)>,
    /// How the next page is named.
    pub(crate) cursor: Cursor,
}

/// How Aries names the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cursor {
    /// It does not.
    None,
    /// `nextUrl` carries `next`, of which alone use is made (`market-data.md` 8).
    Next,
    /// Nobody says whether it does: a `nextUrl` is followed as above if there is one; else older rows are asked for by an
    /// earlier `to`.
    Undocumented,
    /// A page number; the second page has this number.
    Page(&'static str, u32),
    /// `pagination/lastIndexes`, sent back member by member (`prediction-markets.md`).
    LastIndex,
}

/// The members of `lastIndexes` that may be sent back.
pub(crate) const LAST_INDEXES: &[&str] = &[
    "lastIndex",
    "lastContributionReceiptDate",
    "lastContributionReceiptAmount",
    "lastDisbursementDate",
    "lastDisbursementAmount",
    "lastExpenditureDate",
    "lastExpenditureAmount",
    "lastOfficeTotalYtd",
    "lastSupportOpposeIndicator",
    "sortNullOnly",
];

impl Shape {
    /// Nothing: for rows whose tool writes its own answer.
    pub(crate) const NONE: Shape = Shape {
        layout: Layout::Rows,
        columns: &[],
        head: &[],
        units: "",
        order: Order::Sent,
        paging: Paging { limit: None, cursor: Cursor::None },
        usual: 20,
    };
}

/// A table of these columns.
pub(crate) const fn rows(columns: &'static [Column]) -> Shape {
    Shape { columns, ..Shape::NONE }
}

/// One object with these columns and nothing else.
pub(crate) const fn one(columns: &'static [Column]) -> Shape {
    Shape { layout: Layout::One { open: false }, columns, ..Shape::NONE }
}

impl Shape {
    /// With another layout.
    pub(crate) const fn layout(self, layout: Layout) -> Shape {
        Shape { layout, ..self }
    }

    /// With units for the first line.
    pub(crate) const fn units(self, units: &'static str) -> Shape {
        Shape { units, ..self }
    }

    /// With an order.
    pub(crate) const fn order(self, order: Order) -> Shape {
        Shape { order, ..self }
    }

    /// With facts about the whole answer.
    pub(crate) const fn head(self, head: &'static [Column]) -> Shape {
        Shape { head, ..self }
    }

    /// With Aries' own limit.
    pub(crate) const fn limit(self, name: &'static str, most: usize) -> Shape {
        Shape { paging: Paging { limit: Some((name, most)), ..self.paging }, ..self }
    }

    /// With Aries' own cursor.
    pub(crate) const fn cursor(self, cursor: Cursor) -> Shape {
        Shape { paging: Paging { cursor, ..self.paging }, ..self }
    }

    /// With another usual number of rows.
    pub(crate) const fn usual(self, usual: usize) -> Shape {
        Shape { usual, ..self }
    }
}

/// A column that is always shown.
pub(crate) const fn col(head: &'static str, path: &'static str, unit: Unit) -> Column {
    Column { head, path, unit, usual: true }
}

/// A column on request.
pub(crate) const fn more(head: &'static str, path: &'static str, unit: Unit) -> Column {
    Column { head, path, unit, usual: false }
}
