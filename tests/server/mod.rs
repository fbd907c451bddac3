//! The server as its clients meet it.

mod absent;
mod app_hosts;
mod app_pages;
mod apps;
mod clients;
mod eras;
mod live;
mod matrix;
mod protocol;
mod secrets;
mod tunnel;
mod warm;
