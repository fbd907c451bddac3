//! Commands that help a person to get started: `setup`, `doctor` and `install.sh`.

mod doctor;
mod doctor_api;
#[cfg(unix)]
mod install;
mod release;
mod setup;
mod variables;
mod view;
mod watch;
