//! Commands that help a person to get started: `setup`, `doctor` and `install.sh`.

mod calling;
mod doctor;
mod doctor_api;
#[cfg(unix)]
mod doctor_clients;
#[cfg(unix)]
mod install;
#[cfg(target_os = "linux")]
mod notify;
mod release;
#[cfg(unix)]
mod setup;
#[cfg(unix)]
mod setup_broken;
#[cfg(unix)]
mod setup_goose;
#[cfg(unix)]
mod setup_kinds;
#[cfg(unix)]
mod setup_unstarted;
#[cfg(target_os = "linux")]
mod terminal;
mod variables;
mod view;
mod watch;
