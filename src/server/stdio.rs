//! stdin and stdout as MCP uses them.
//!
//! stdout belongs to MCP alone: its descriptor is duplicated, and descriptor 1 is pointed at stderr, so that a stray
//! print of any library lands in the log instead of in the protocol.

use std::io;
#[cfg(unix)]
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use tokio::io::{AsyncRead, AsyncWrite};

pub(super) type Reader = Box<dyn AsyncRead + Send + Unpin>;
pub(super) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// Takes over stdin and stdout; fails if the descriptors are closed.
///
/// Pipes and sockets are driven by the reactor, without a thread; anything else (files, terminals) by the blocking
/// pool. A pipe is opened anew, so that its non-blocking mode stays ours and is not shared with the client.
#[cfg(unix)]
pub(super) fn take() -> io::Result<(Reader, Writer)> {
    use tokio::net::unix::pipe::OpenOptions;

    let input = io::stdin().as_fd().try_clone_to_owned()?;
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    nix::unistd::dup2_stdout(io::stderr())?;
    let path = |descriptor: &OwnedFd| format!("/proc/self/fd/{}", descriptor.as_raw_fd());
    let reader: Reader = match OpenOptions::new().open_receiver(path(&input)) {
        Ok(pipe) => Box::new(pipe),
        Err(_) => Box::new(socket_or_file(input)?),
    };
    let writer: Writer = match OpenOptions::new().open_sender(path(&output)) {
        Ok(pipe) => Box::new(pipe),
        Err(_) => Box::new(socket_or_file(output)?),
    };
    Ok((reader, writer))
}

#[cfg(not(unix))]
pub(super) fn take() -> io::Result<(Reader, Writer)> {
    Ok((Box::new(tokio::io::stdin()), Box::new(tokio::io::stdout())))
}

#[cfg(unix)]
trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

#[cfg(unix)]
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

#[cfg(unix)]
fn socket_or_file(descriptor: OwnedFd) -> io::Result<Box<dyn Duplex>> {
    use std::os::unix::fs::FileTypeExt;

    let file = std::fs::File::from(descriptor);
    if !file.metadata()?.file_type().is_socket() {
        return Ok(Box::new(tokio::fs::File::from_std(file)));
    }
    let stream = std::os::unix::net::UnixStream::from(OwnedFd::from(file));
    stream.set_nonblocking(true)?;
    Ok(Box::new(tokio::net::UnixStream::from_std(stream)?))
}
