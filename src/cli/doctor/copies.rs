//! Other running copies of this program. Several are usual: every client starts its own.

use super::check::Finding;

#[cfg(target_os = "linux")]
pub(super) fn check() -> Finding {
    let own = std::process::id();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let (mut ids, mut replaced): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    for process in processes {
        let Some(id) = process.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // Only processes of this user can be looked at.
        let Ok(file) = std::fs::read_link(process.path().join("exe")) else { continue };
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let current = name.trim_end_matches(" (deleted)");
        if id == own || current != "aries-mcp" {
            continue;
        }
        ids.push(id);
        if name != current {
            replaced.push(id);
        }
    }
    judge(&ids, &replaced)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn check() -> Finding {
    Finding::not_checked(
        "they cannot be listed on this system; several are usual, one or two for each client",
    )
}

#[cfg(target_os = "linux")]
fn judge(ids: &[u32], replaced: &[u32]) -> Finding {
    let list = |ids: &[u32]| ids.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    if !replaced.is_empty() {
        return Finding::warning(
            format!("these still run a version that has been replaced since: process {}", list(replaced)),
            "restart the clients that started them",
        );
    }
    match ids.len() {
        0 => Finding::ok("no other aries-mcp is running"),
        1..=24 => Finding::ok(format!("as each client starts its own, these run too: process {}", list(ids))),
        many => Finding::warning(
            format!("{many} other copies are running"),
            "restart the clients; some forget to end what they start",
        ),
    }
}
