//! Commands that help a person to get started: `doctor` and `install.sh`.

mod doctor;
#[cfg(unix)]
mod install;
