//! The server as its clients meet it.

mod absent;
#[cfg(unix)]
mod app_hosts;
#[cfg(unix)]
mod app_pages;
#[cfg(unix)]
mod apps;
mod clients;
mod live;
mod matrix;
mod protocol;
mod secrets;
mod tunnel;
mod warm;
