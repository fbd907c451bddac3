//! The documented rate limits, counted over the last 60 seconds.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use crate::rate_limits::Category;

/// When the last requests of each category came, as Unix seconds.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    recent: BTreeMap<Category, VecDeque<i64>>,
}

impl Limits {
    /// Counts one request; if it is one too many, the seconds until there is room again.
    pub(crate) fn count(&mut self, category: Category, now: Timestamp) -> Result<(), i64> {
        let now = now.as_second();
        let recent = self.recent.entry(category).or_default();
        while recent.front().is_some_and(|first| first + 60 <= now) {
            recent.pop_front();
        }
        match recent.front() {
            Some(first) if recent.len() >= category.per_minute() => Err(first + 60 - now),
            _ => {
                recent.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_token_call_of_a_minute_waits() {
        let mut limits = Limits::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        for second in 0..10 {
            assert_eq!(limits.count(Category::Authentication, at(second)), Ok(()));
        }
        assert_eq!(limits.count(Category::Authentication, at(10)), Err(50));
        assert_eq!(limits.count(Category::Trading, at(10)), Ok(()));
        assert_eq!(limits.count(Category::Authentication, at(60)), Ok(()));
    }
}
