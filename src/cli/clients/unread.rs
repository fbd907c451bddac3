//! Why it is not known which servers a client's file has.

/// The line where reading ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Unread {
    /// The client cannot read it either.
    Broken(usize),
    /// The client reads it; this program does not take this form of YAML apart.
    Form(usize),
}

impl From<usize> for Unread {
    fn from(line: usize) -> Self {
        Self::Broken(line)
    }
}
