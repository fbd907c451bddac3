//! What the tools for reading answer, whatever Aries sends.

mod answers;
mod hostile;
mod market_socket;
mod quotes;
mod research;
