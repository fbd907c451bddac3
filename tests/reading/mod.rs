//! What the tools for reading answer, whatever Aries sends.

mod answers;
mod errors;
mod hostile;
mod limits;
mod market_socket;
mod research;
