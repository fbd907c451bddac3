//! How Aries is asked for more rows.

/// What Aries cannot page is paged here, by leaving rows out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paging {
    /// Aries' name for the number of rows, and the most it sends at once.
    pub(crate) limit: Option<(&'static str, usize)>,
    pub(crate) cursor: Cursor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cursor {
    None,
    /// `nextUrl` carries `next`; nothing else of that address is used.
    Next,
    /// A page number; the second page has this number.
    Page(&'static str, u32),
    /// The member of the first name is sent back as the parameter of the second.
    Token(&'static str, &'static str),
    /// `pagination/lastIndexes`, sent back member by member.
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
