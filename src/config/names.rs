//! The names under which what belongs to one profile and one API origin is kept.

/// The names of one profile at one origin.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// Names the credential; also the keychain user.
    pub(crate) owner: String,
    /// The same as a name that every file system takes.
    pub(crate) file: String,
}

impl Names {
    pub(super) fn of(profile: &str, origin: &str) -> Self {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let safe = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' };
        let host: String = host.chars().map(safe).collect();
        Self { owner: format!("{profile}@{origin}"), file: format!("{profile}@{host}") }
    }

    /// The part of the file name that is the same for every profile.
    pub(crate) fn host(&self) -> &str {
        self.file.split_once('@').map_or(self.file.as_str(), |(_, host)| host)
    }
}
