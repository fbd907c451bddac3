//! A relay before an Aries that is far away: it delays each way, counts connections and what goes to Aries on them, and
//! can cut them off.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A running one, for as long as the process lives.
pub struct Relay {
    /// The address that a program is given in place of Aries': `http://127.0.0.1:PORT`.
    pub origin: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    connections: AtomicU64,
    sent: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
}

impl Relay {
    /// Relays to `http://HOST:PORT`. A delay counts for the handshake of a connection too, as on a real line.
    pub fn start(origin: &str, delay: Duration) -> std::io::Result<Self> {
        let target = origin.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let own = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared::default());
        let noted = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                noted.connections.fetch_add(1, Ordering::SeqCst);
                // One that is refused at the other end is closed at this one.
                let _ = relay(client, &target, delay, &noted);
            }
        });
        Ok(Self { origin: own, shared })
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many bytes went to Aries so far.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::SeqCst)
    }

    /// Cuts off every connection, as a server does with idle ones.
    pub fn cut(&self) {
        for stream in self.shared.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // It may be closed already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn relay(client: TcpStream, target: &str, delay: Duration, shared: &Arc<Shared>) -> std::io::Result<()> {
    // The handshake takes a round trip; only then something can be sent.
    let ready = Instant::now() + 2 * delay;
    let aries = TcpStream::connect(target)?;
    for stream in [&client, &aries] {
        stream.set_nodelay(true)?;
        shared.open.lock().unwrap_or_else(PoisonError::into_inner).push(stream.try_clone()?);
    }
    let counted = Arc::clone(shared);
    pump(client.try_clone()?, aries.try_clone()?, ready, delay, move |bytes| {
        counted.sent.fetch_add(bytes, Ordering::SeqCst);
    });
    pump(aries, client, ready, delay, |_| {});
    Ok(())
}

/// Carries bytes one way, each read after its delay.
fn pump(
    mut from: TcpStream,
    mut to: TcpStream,
    ready: Instant,
    delay: Duration,
    count: impl Fn(u64) + Send + 'static,
) {
    let (sender, chunks) = channel::<(Instant, Vec<u8>)>();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length) = from.read(&mut buffer) {
            let chunk = buffer.get(..length).unwrap_or_default().to_vec();
            count(length as u64);
            if sender.send((Instant::now().max(ready) + delay, chunk)).is_err() || length == 0 {
                return;
            }
        }
    });
    std::thread::spawn(move || {
        for (due, chunk) in chunks {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if chunk.is_empty() || to.write_all(&chunk).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}
