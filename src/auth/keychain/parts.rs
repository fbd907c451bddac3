//! One content over several entries, where an entry has a size limit.
//!
//! The head entry has the plain user name and begins with a line that says what follows: the whole content, or the
//! number of parts, their length and a checksum. Parts live in one of two sets, `a` and `b`: a new content is written
//! to the set that the head does not name, then the head is switched, then the old set is removed. A crash between
//! any two steps leaves the old content or the new one, never a mixture, and at most one set of orphans, which the
//! next write replaces.

use keyring_core::{Error, Result};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::os::hex;

/// First word of every head entry, with the number of this format.
const MARK: &str = "aries-mcp/1";

/// Reading while another process replaces the parts fails; the head is then read again this many times.
const TRIES: usize = 4;

/// Named entries: the keychain, or a map in tests. A missing entry can be removed.
pub(super) trait Entries {
    fn get(&self, user: &str) -> Result<Option<Zeroizing<Vec<u8>>>>;
    fn set(&self, user: &str, bytes: &[u8]) -> Result<()>;
    fn remove(&self, user: &str) -> Result<()>;
}

#[derive(Debug, PartialEq, Eq)]
enum Head<'a> {
    Whole(&'a [u8]),
    Parts { set: char, count: usize, length: usize, checksum: String },
}

pub(super) fn read(entries: &impl Entries, user: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
    for _ in 0..TRIES {
        let Some(head) = entries.get(user)? else { return Ok(None) };
        match parse(&head).ok_or_else(damaged)? {
            Head::Whole(bytes) => return Ok(Some(Zeroizing::new(bytes.to_vec()))),
            Head::Parts { set, count, length, checksum } => {
                let joined = join(entries, user, set, count)?;
                if joined.len() == length && checksum_of(&joined) == checksum {
                    return Ok(Some(joined));
                }
            }
        }
    }
    Err(damaged())
}

pub(super) fn write(entries: &impl Entries, user: &str, bytes: &[u8], limit: Option<usize>) -> Result<()> {
    let whole = head_line("whole", bytes);
    if limit.is_none_or(|limit| whole.len() <= limit) {
        entries.set(user, &whole)?;
        // Where entries have no limit there never were parts.
        return if limit.is_some() { clear_both(entries, user) } else { Ok(()) };
    }
    let size = limit.unwrap_or(usize::MAX).max(1);
    let (set, old) = match entries.get(user)?.as_deref().and_then(|head| parse(head)) {
        Some(Head::Parts { set: 'a', .. }) => ('b', 'a'),
        _ => ('a', 'b'),
    };
    // Orphans of a crash are removed first, so that a set never has more parts than its head says.
    clear(entries, user, set)?;
    for (number, part) in bytes.chunks(size).enumerate() {
        entries.set(&part_name(user, set, number), part)?;
    }
    let count = bytes.chunks(size).len();
    let words = format!("parts {set} {count} {} {}", bytes.len(), checksum_of(bytes));
    entries.set(user, &head_line(&words, b""))?;
    clear(entries, user, old)
}

/// The head goes first: without it the parts mean nothing.
pub(super) fn delete(entries: &impl Entries, user: &str) -> Result<()> {
    entries.remove(user)?;
    clear_both(entries, user)
}

fn clear_both(entries: &impl Entries, user: &str) -> Result<()> {
    clear(entries, user, 'a')?;
    clear(entries, user, 'b')
}

fn join(entries: &impl Entries, user: &str, set: char, count: usize) -> Result<Zeroizing<Vec<u8>>> {
    // One allocation for any token: a growing vector would leave copies of a secret behind.
    let mut joined = Zeroizing::new(Vec::with_capacity(64 * 1024));
    for number in 0..count {
        let Some(part) = entries.get(&part_name(user, set, number))? else { break };
        joined.extend_from_slice(&part);
    }
    Ok(joined)
}

/// Removes the parts of a set from the last to the first, so that an interrupted removal can be repeated: the
/// numbers that are left still begin at 0.
fn clear(entries: &impl Entries, user: &str, set: char) -> Result<()> {
    let mut count = 0;
    while entries.get(&part_name(user, set, count))?.is_some() {
        count += 1;
    }
    for number in (0..count).rev() {
        entries.remove(&part_name(user, set, number))?;
    }
    Ok(())
}

fn part_name(user: &str, set: char, number: usize) -> String {
    format!("{user}#{set}{number}")
}

fn head_line(words: &str, content: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut head = Zeroizing::new(Vec::with_capacity(MARK.len() + words.len() + 2 + content.len()));
    head.extend_from_slice(format!("{MARK} {words}\n").as_bytes());
    head.extend_from_slice(content);
    head
}

fn parse(head: &[u8]) -> Option<Head<'_>> {
    let (line, content) = head.split_at(head.iter().position(|byte| *byte == b'\n')?);
    let mut words = std::str::from_utf8(line).ok()?.strip_prefix(MARK)?.strip_prefix(' ')?.split(' ');
    match words.next()? {
        "whole" => Some(Head::Whole(content.strip_prefix(b"\n")?)),
        "parts" => Some(Head::Parts {
            set: words.next()?.parse().ok().filter(|set| "ab".contains(*set))?,
            count: words.next()?.parse().ok()?,
            length: words.next()?.parse().ok()?,
            checksum: words.next()?.to_owned(),
        }),
        _ => None,
    }
}

fn checksum_of(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

fn damaged() -> Error {
    Error::BadStoreFormat("the entry is not what this program writes".to_owned())
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Entries that stop working after some changes, as a crash would stop us.
    #[derive(Default)]
    struct Map {
        map: RefCell<BTreeMap<String, Vec<u8>>>,
        changes_left: Cell<Option<usize>>,
        limit: usize,
    }

    impl Map {
        fn change(&self) -> Result<()> {
            match self.changes_left.get() {
                Some(0) => Err(Error::NoDefaultStore),
                left => {
                    self.changes_left.set(left.map(|n| n - 1));
                    Ok(())
                }
            }
        }
    }

    impl Entries for Map {
        fn get(&self, user: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
            Ok(self.map.borrow().get(user).cloned().map(Zeroizing::new))
        }
        fn set(&self, user: &str, bytes: &[u8]) -> Result<()> {
            assert!(bytes.len() <= self.limit, "{} bytes in one entry", bytes.len());
            self.change()?;
            self.map.borrow_mut().insert(user.to_owned(), bytes.to_vec());
            Ok(())
        }
        fn remove(&self, user: &str) -> Result<()> {
            self.change()?;
            self.map.borrow_mut().remove(user);
            Ok(())
        }
    }

    fn contents() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..900)
    }

    proptest! {
        #[test]
        fn any_content_comes_back(steps in prop::collection::vec(contents(), 1..5), limit in 110_usize..400) {
            let map = Map { limit, ..Map::default() };
            for bytes in &steps {
                write(&map, "u", bytes, Some(limit)).unwrap();
                prop_assert_eq!(&**read(&map, "u").unwrap().unwrap(), bytes);
            }
            delete(&map, "u").unwrap();
            prop_assert!(map.map.borrow().is_empty());
        }

        #[test]
        fn a_crash_leaves_old_or_new(old in contents(), new in contents(), limit in 110_usize..400, after in 0_usize..20) {
            let map = Map { limit, ..Map::default() };
            write(&map, "u", &old, Some(limit)).unwrap();
            map.changes_left.set(Some(after));
            let finished = write(&map, "u", &new, Some(limit)).is_ok();
            map.changes_left.set(None);
            let found = read(&map, "u").unwrap().unwrap().to_vec();
            prop_assert!(found == new || (!finished && found == old));
            // The next write cleans up whatever the crash left.
            write(&map, "u", &old, Some(limit)).unwrap();
            prop_assert_eq!(read(&map, "u").unwrap().unwrap().to_vec(), old);
            delete(&map, "u").unwrap();
            prop_assert!(map.map.borrow().is_empty());
        }
    }

    #[test]
    fn a_changed_part_is_noticed() {
        let map = Map { limit: 200, ..Map::default() };
        write(&map, "u", &[1; 500], Some(200)).unwrap();
        map.map.borrow_mut().insert("u#a1".into(), vec![2; 200]);
        assert!(matches!(read(&map, "u"), Err(Error::BadStoreFormat(_))));
    }
}
