//! stdin and stdout as MCP uses them.
//!
//! stdout belongs to MCP alone: its descriptor is duplicated, and descriptor 1 is pointed at stderr, so that a stray
//! print of any library lands in the log instead of in the protocol.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

/// What messages are read from.
pub(super) type Reader = Box<dyn AsyncRead + Send + Unpin>;
/// What messages are written to.
pub(super) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// Takes over stdin and stdout.
/// Fails if the descriptors are closed.
#[cfg(unix)]
pub(super) fn take() -> io::Result<(Reader, Writer)> {
    use std::os::fd::AsFd;

    let input = io::stdin().as_fd().try_clone_to_owned()?;
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    nix::unistd::dup2_stdout(io::stderr())?;
    Ok((reader(input)?, writer(output)?))
}

/// Takes over stdin and stdout.
///
/// # Errors
/// Never here.
#[cfg(not(unix))]
pub(super) fn take() -> io::Result<(Reader, Writer)> {
    Ok((Box::new(tokio::io::stdin()), Box::new(tokio::io::stdout())))
}

/// Pipes and sockets are driven by the reactor, without a thread; anything else (files, terminals) by the blocking
/// pool. A pipe is opened anew, so that its non-blocking mode stays ours and is not shared with the client.
#[cfg(unix)]
fn reader(input: std::os::fd::OwnedFd) -> io::Result<Reader> {
    use std::os::fd::AsRawFd;

    let path = format!("/proc/self/fd/{}", input.as_raw_fd());
    if let Ok(pipe) = tokio::net::unix::pipe::OpenOptions::new().open_receiver(path) {
        return Ok(Box::new(pipe));
    }
    Ok(match kind(&input)? {
        Kind::Socket => Box::new(socket(input)?),
        Kind::Other => Box::new(tokio::fs::File::from_std(input.into())),
    })
}

#[cfg(unix)]
fn writer(output: std::os::fd::OwnedFd) -> io::Result<Writer> {
    use std::os::fd::AsRawFd;

    let path = format!("/proc/self/fd/{}", output.as_raw_fd());
    if let Ok(pipe) = tokio::net::unix::pipe::OpenOptions::new().open_sender(path) {
        return Ok(Box::new(pipe));
    }
    Ok(match kind(&output)? {
        Kind::Socket => Box::new(socket(output)?),
        Kind::Other => Box::new(tokio::fs::File::from_std(output.into())),
    })
}

#[cfg(unix)]
enum Kind {
    Socket,
    Other,
}

#[cfg(unix)]
fn kind(descriptor: &std::os::fd::OwnedFd) -> io::Result<Kind> {
    use std::os::unix::fs::FileTypeExt;

    let file = std::fs::File::from(descriptor.try_clone()?);
    Ok(if file.metadata()?.file_type().is_socket() { Kind::Socket } else { Kind::Other })
}

#[cfg(unix)]
fn socket(descriptor: std::os::fd::OwnedFd) -> io::Result<tokio::net::UnixStream> {
    let stream = std::os::unix::net::UnixStream::from(descriptor);
    stream.set_nonblocking(true)?;
    tokio::net::UnixStream::from_std(stream)
}
