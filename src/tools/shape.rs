//! How an answer of Aries becomes a table: which columns are shown, in which units and order.
//!
//! This is data of a view; `layout` and `cell` do the writing.

/// The shape of one view's answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) layout: Layout,
    /// Columns; a path may name alternatives, separated by commas, where the documentation knows several.
    pub(super) columns: &'static [Column],
    /// Figures of statements whose growth is shown, and whose sum over twelve months.
    pub(super) growth: &'static [Column],
    /// Facts about the whole answer, shown in its first line.
    pub(super) head: &'static [Column],
    /// Units and zone, said once.
    pub(super) units: &'static str,
    pub(super) order: Order,
    /// What is said where Aries sent nothing; empty for the usual words.
    pub(super) empty: &'static str,
    /// Rows shown unless the caller wants another number.
    pub(super) usual: usize,
}

/// How the answer is laid out. The open layouts also show members that no column names, where the documentation
/// does not list them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One element is one row.
    Table,
    /// The same; members that no column names become columns behind the named ones.
    OpenTable,
    /// One object: one line per column.
    Object,
    /// The same; members that no column names become lines behind the named ones.
    OpenObject,
    /// One element is one period: periods become columns, figures become rows.
    Transposed {
        /// The members that name the period.
        label: &'static [&'static str],
    },
    /// The same; of the columns an answer has only some, and members that no column names become rows on request.
    OpenTransposed { label: &'static [&'static str] },
    /// Parallel arrays beside `t`, one per figure: those of the columns, or all but bars where there are no columns.
    Arrays,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) head: &'static str,
    pub(super) path: &'static str,
    pub(super) unit: Unit,
    /// Whether it is shown without being asked for.
    pub(super) usual: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// An amount, with all its significant digits.
    Amount,
    /// The same of what is paid for something; none where it is negative.
    Price,
    Cents,
    Quantity,
    /// A bare figure, four decimals at most.
    Number,
    /// A figure of a statement: whole from a thousand on, two decimals below.
    Whole,
    /// Percent that Aries sends as percent.
    Percent,
    /// Percent that Aries sends as a fraction.
    Fraction,
    /// A delta; none where it cannot be one.
    Delta,
    /// None where it cannot be one, as the next two.
    Gamma,
    Theta,
    Vega,
    /// An implied volatility in percent that Aries sends as a fraction; none where it cannot be one.
    Volatility,
    /// A share that Aries sends as a fraction or as percent, told apart by size.
    Share,
    /// An amount that Aries sends in units, shown in millions.
    Millions,
    Date,
    /// A moment, from a Unix stamp of any precision or RFC 3339, on New York's clock.
    Stamp,
    /// A short word of Aries' own; a long one is quoted.
    Word,
    /// Text of third parties, quoted, at most so many characters.
    Text(usize),
    /// A list of paragraphs by third parties, quoted as one text of at most so many characters.
    Speech(usize),
    /// A contract in `O:` or OSI form, shown as OSI.
    Contract,
    Flag,
    /// Words, or the symbols of securities.
    List,
    /// How many elements there are.
    Count,
    /// A list of named figures (`tag` with `number_value` or `text_value`), each with its name.
    Tagged,
    /// Personal data: only enough to recognise it.
    Masked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Sent,
    /// The largest value of a member first; dates count as larger the later they are.
    Down(&'static str),
    /// The smallest first, such as the next day.
    Up(&'static str),
}

impl Shape {
    /// The members by which a row is told from others, separated by commas; `None` where rows have no members.
    pub(super) fn identity(&self) -> Option<&'static str> {
        let first = self.columns.iter().find(|column| column.usual)?;
        Some(first.path).filter(|path| !path.is_empty())
    }

    /// A table without columns, 20 rows as Aries sends them.
    pub(super) const TABLE: Shape = Shape {
        layout: Layout::Table,
        columns: &[],
        growth: &[],
        head: &[],
        units: "",
        order: Order::Sent,
        empty: "",
        usual: 20,
    };
}

pub(super) const fn col(head: &'static str, path: &'static str, unit: Unit) -> Column {
    Column { head, path, unit, usual: true }
}

/// A column on request.
pub(super) const fn more(head: &'static str, path: &'static str, unit: Unit) -> Column {
    Column { head, path, unit, usual: false }
}
