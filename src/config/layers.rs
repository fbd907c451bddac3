//! Where a setting's value comes from: the option, else the variable, else the config file.

use super::setting::{Key, Setting};
use super::{ConfigFile, Environment, Options, ProfileFile};
use crate::error::Result;

pub(super) struct Layers<'a> {
    pub(super) options: &'a Options,
    pub(super) env: &'a Environment,
    pub(super) file: &'a ConfigFile,
    pub(super) profile: &'a ProfileFile,
}

impl<'a> Layers<'a> {
    /// The first value given; an empty variable counts as not given.
    pub(super) fn text(&self, setting: &Setting) -> Option<&'a str> {
        let option = self.options.get(setting).and_then(|value| value.to_str());
        option.or_else(|| self.env.value(setting)).or_else(|| match setting.key {
            Key::OfProfile => self.profile.get(setting),
            _ => self.file.top.get(setting),
        })
    }

    pub(super) fn switch(&self, setting: &Setting) -> Result<bool> {
        let in_file = self.file.top.get(setting) == Some("true");
        Ok(self.options.has(setting) || self.env.flag(setting)? || in_file)
    }
}
