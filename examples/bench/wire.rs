//! HTTP/1.1 over one kept connection with nothing but std: what a request costs without a client library.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A kept connection.
pub(crate) struct Wire {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Wire {
    /// Connects to `http://HOST:PORT`.
    pub(crate) fn open(origin: &str, token: &str) -> io::Result<Self> {
        let host = origin.trim_start_matches("http://");
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        // The headers that the server sends.
        let head = format!(
            "authorization: Bearer {token}\r\naccept: application/json\r\nuser-agent: aries-mcp/bench\r\n\
             accept-encoding: gzip\r\nhost: {host}\r\n"
        );
        Ok(Self { stream: BufReader::new(stream), head })
    }

    /// The body of a GET.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<Vec<u8>> {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head);
        self.exchange(&request)
    }

    /// The body of another request, with JSON.
    pub(crate) fn send(&mut self, method: &str, path: &str, json: &str) -> io::Result<Vec<u8>> {
        let length = json.len();
        let head = &self.head;
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{json}"
        );
        self.exchange(&request)
    }

    fn exchange(&mut self, request: &str) -> io::Result<Vec<u8>> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200 ") {
            return Err(io::Error::other(format!("the embedded Aries answered {:?}", line.trim_end())));
        }
        let mut length = 0;
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line)?;
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }
}
