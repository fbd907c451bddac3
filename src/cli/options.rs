//! The global options, as clap arguments made from the list of settings.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, value_parser};

use crate::config::Options;
use crate::config::setting::{CommandLine, SETTINGS, Setting};

#[derive(Debug, Default)]
pub(super) struct Global(pub(super) Options);

impl clap::Args for Global {
    fn augment_args(command: Command) -> Command {
        command.args(SETTINGS.iter().filter_map(|setting| argument(setting)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Reads a whole number of a range, or says how to write one.
pub(super) fn whole<T: TryFrom<u64>>(
    what: &'static str,
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number = text.trim().parse::<u64>().ok().filter(|number| range.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| format!("write {what} from {} to {}", range.start(), range.end()))
    }
}

fn argument(setting: &'static Setting) -> Option<Arg> {
    let argument = Arg::new(setting.name).long(setting.long()).global(true).help(setting.help());
    Some(match setting.option {
        CommandLine::Switch => argument.action(ArgAction::SetTrue),
        CommandLine::Text(name) | CommandLine::Called(_, name) => argument.value_name(name),
        CommandLine::File(name) => argument.value_name(name).value_parser(value_parser!(PathBuf)),
        CommandLine::No | CommandLine::OfCommand(_) => return None,
    })
}

impl FromArgMatches for Global {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut options = Options::default();
        for setting in SETTINGS {
            match setting.option {
                CommandLine::Switch if matches.get_flag(setting.name) => options.insert(setting, "true"),
                CommandLine::Text(_) | CommandLine::Called(..) => {
                    let text = matches.get_one::<String>(setting.name);
                    text.into_iter().for_each(|text| options.insert(setting, text));
                }
                CommandLine::File(_) => {
                    let path = matches.get_one::<PathBuf>(setting.name);
                    path.into_iter().for_each(|path| options.insert(setting, path));
                }
                _ => {}
            }
        }
        Ok(Self(options))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
