//! The global options that were given on the command line.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::setting::Setting;

/// The global options that were given; a switch has the value `true`.
#[derive(Debug, Clone, Default)]
pub struct Options(BTreeMap<&'static str, OsString>);

impl Options {
    pub(crate) fn insert(&mut self, setting: &Setting, value: impl Into<OsString>) {
        self.0.insert(setting.name, value.into());
    }

    pub(crate) fn get(&self, setting: &Setting) -> Option<&OsStr> {
        self.0.get(setting.name).map(OsString::as_os_str)
    }

    pub(crate) fn has(&self, setting: &Setting) -> bool {
        self.0.contains_key(setting.name)
    }
}
