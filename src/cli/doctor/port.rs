//! Who holds a TCP port. Only Linux tells without asking another program.

/// The process that holds a port, in words; `None` if that cannot be told.
#[cfg(target_os = "linux")]
pub(super) fn holder(port: u16) -> Option<String> {
    let tables =
        ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| std::fs::read_to_string(path).unwrap_or_default());
    let inode = tables.iter().find_map(|table| listening(table, port))?;
    let socket = format!("socket:[{inode}]");
    let processes = std::fs::read_dir("/proc").ok()?;
    for process in processes.filter_map(Result::ok) {
        let Some(id) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(files) = std::fs::read_dir(process.path().join("fd")) else { continue };
        let holds = |file: &std::fs::DirEntry| {
            std::fs::read_link(file.path()).is_ok_and(|target| target.as_os_str() == socket.as_str())
        };
        if files.filter_map(Result::ok).any(|file| holds(&file)) {
            let name = std::fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (process {id})", crate::text::clean(name.trim(), 40)));
        }
    }
    Some("a process of another user".to_owned())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn holder(_port: u16) -> Option<String> {
    None
}

/// The inode of the socket that listens on this port, from a table of the kernel.
#[cfg(target_os = "linux")]
fn listening(table: &str, port: u16) -> Option<&str> {
    const LISTEN: &str = "0A";
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_whitespace();
        let local = fields.nth(1)?;
        let state = fields.nth(1)?;
        let (_, hex) = local.rsplit_once(':')?;
        let fits = state == LISTEN && u16::from_str_radix(hex, 16) == Ok(port);
        fits.then(|| fields.nth(5)).flatten()
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn finds_ourselves() {
        let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = held.local_addr().unwrap().port();
        assert!(holder(port).unwrap().ends_with(&format!(" (process {})", std::process::id())));
        drop(held);
        assert_eq!(holder(port), None);
    }
}
