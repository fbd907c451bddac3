//! The stretch of time that `from` and `to` of a call mean.

use jiff::{Timestamp, ToSpan};

use super::schema::Object;
use crate::aries::time::{self, Toward};
use crate::error::{Error, Result};

/// Whoever asks what was, looks back.
const PAST: Toward = Toward::Past;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

impl Period {
    /// Reads both, in the words of [`time::days`]. Without `to` it ends where the week or month that `from` names ends, else
    /// now; without `from` it begins where `usual` says, given its end.
    pub(super) fn of(
        from: Option<&str>,
        to: Option<&str>,
        usual: impl FnOnce(Timestamp) -> Timestamp,
    ) -> Result<Self> {
        let now = time::now().timestamp();
        let named = from.filter(|from| time::names_several_days(from, PAST));
        let to = match (to, named) {
            (Some(to), _) => {
                time::last_moment(to, &time::zone(), PAST).map_err(|error| error.of_argument("to"))?.min(now)
            }
            (None, Some(from)) => time::last_moment(from, &time::zone(), PAST)?.min(now),
            (None, None) => now,
        };
        let from = match from {
            Some(from) => time::moment(from, PAST).map_err(|error| error.of_argument("from"))?,
            None => usual(to),
        };
        if from >= to {
            return Err(Error::usage("`from` is not before `to` (and before now)", "give an earlier `from`"));
        }
        Ok(Self { from, to })
    }

    pub(super) fn is_longer_than(self, days: i64) -> bool {
        self.to.duration_since(self.from).as_secs() > days * 86_400
    }

    /// Whether a moment lies in it, of which the whole last second is a part. A period until now also holds what Aries' clock,
    /// a little ahead of this one, has dated since it was read.
    pub(super) fn contains(self, moment: Timestamp) -> bool {
        let now = time::now().timestamp();
        let ends_now = !time::is_ahead(now, self.to);
        let is_over = moment.as_second() > self.to.as_second();
        moment.as_second() >= self.from.as_second() && (!is_over || ends_now && !time::is_ahead(moment, now))
    }

    /// As `2026-11-01 to 2026-11-28`.
    pub(super) fn words(self) -> String {
        let day = |moment: Timestamp| moment.to_zoned(time::zone()).date();
        format!("{} to {}", day(self.from), day(self.to))
    }
}

/// How the words of `from` and `to` were read, as `last week: 2026-11-22 to 2026-11-28`.
pub(super) fn readings(args: &Object) -> Vec<String> {
    let words = ["from", "to"].into_iter().filter_map(|name| args.get(name)?.as_str());
    words.filter_map(|text| time::reading(text, PAST)).collect()
}

/// So many days of 24 hours before a moment: Aries counts the longest stretch of a list in these.
pub(super) fn days_before(moment: Timestamp, days: i64) -> Timestamp {
    moment.saturating_sub((days * 24).hours()).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aries_has_just_dated_is_in_a_period_until_now() {
        let period = Period::of(Some("2026-02-01"), None, |to| to).unwrap();
        let after = |seconds: i64| period.to.saturating_add(seconds.seconds()).unwrap();
        assert!(period.contains(after(1)) && !period.contains(after(3600)));
        let over = Period::of(Some("2026-02"), None, |to| to).unwrap();
        assert!(over.contains(over.to) && !over.contains(over.to + 1.seconds()));
    }

    #[test]
    fn a_week_or_a_month_ends_where_it_ends() {
        let of = |from: Option<&str>, to: Option<&str>| {
            Period::of(from, to, |to| days_before(to, 30)).map(|period| period.words())
        };
        assert_eq!(of(Some("2026-02"), None).unwrap(), "2026-02-01 to 2026-02-28");
        assert_eq!(of(Some("2026-02-03"), Some("2026-02-04")).unwrap(), "2026-02-03 to 2026-02-04");
        let (sunday, saturday) = time::days("last week", PAST).unwrap();
        assert_eq!(of(Some("last week"), None).unwrap(), format!("{sunday} to {saturday}"));
        assert!(of(Some("2026-02-01"), Some("2026-01-01")).unwrap_err().cause.contains("`from`"));
        let weeks = of(Some("3 weeks"), None).unwrap();
        assert_eq!(weeks, of(Some("3 weeks ago"), Some("today")).unwrap());
        let args = serde_json::json!({"from": "last week", "to": "2026-11-20", "view": "last month"});
        let read = readings(args.as_object().unwrap());
        assert_eq!(read, [format!("last week: {sunday} to {saturday}")]);
        assert!(of(Some("soon"), None).unwrap_err().cause.starts_with("`from`: "));
    }
}
