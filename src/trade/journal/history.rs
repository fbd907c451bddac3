//! The journal read as orders: what became of each, which are in doubt, what the day has used up.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::aries::symbols::compare::may_be_same_underlying;
use crate::aries::time;
use crate::trade::journal::file::{Event, Facts, Line};
use crate::trade::outcome::State;

/// One order, folded from its lines.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Our own id.
    pub(crate) id: String,
    /// When its ticket was presented.
    pub(crate) began: Timestamp,
    /// When it was sent, if it was.
    pub(crate) sent: Option<Timestamp>,
    /// The last event.
    pub(crate) last: Event,
    /// When that was.
    pub(crate) at: Timestamp,
    /// The number of the last line that tells of it.
    pub(crate) line: u64,
    /// Everything known, the latest word for each fact.
    pub(crate) facts: Facts,
}

impl Record {
    /// Whether nobody knows if Aries has it: sent and not answered, whoever was to hear the answer.
    pub(crate) fn in_doubt(&self) -> bool {
        matches!(self.last, Event::Sent | Event::Unknown)
    }

    /// The account it was sent to and the ticker behind it, if the journal says both.
    pub(crate) fn place(&self) -> Option<(&str, &str)> {
        self.facts.account.as_deref().zip(self.facts.underlying.as_deref())
    }

    /// Whether it is on this account and underlying, however that is spelt.
    pub(crate) fn is_on(&self, account: &str, underlying: &str) -> bool {
        self.place().is_some_and(|(own, behind)| own == account && may_be_same_underlying(behind, underlying))
    }

    /// Whether it counts for the limits of a day: everything that may have reached Aries.
    fn counts(&self) -> bool {
        self.sent.is_some() && self.last != Event::Refused
    }

    /// Whether it may still be approved: an approval lives 300 s, so nothing can come of an older one.
    pub(crate) fn is_young(&self) -> bool {
        Timestamp::now().duration_since(self.began).as_secs() < 400
    }

    /// Aries' id of the order whose place it took: it was to replace it, and Aries accepted that, or the person says so.
    fn took_place_of(&self) -> Option<&str> {
        let state = self.facts.state.as_deref();
        let accepted = match self.last {
            Event::Answered | Event::Found => state != Some("REJECTED"),
            Event::Settled => state == Some("SENT"),
            _ => false,
        };
        self.facts.replaces.as_deref().filter(|_| accepted)
    }

    /// In one word, for people.
    pub(crate) fn state(&self) -> String {
        match (self.last, &self.facts.state) {
            (Event::Intent, _) if self.is_young() => "PENDING".to_owned(),
            (Event::Intent, _) => "NOT SENT".to_owned(),
            (Event::Dropped | Event::Refused, _) => "NOT SENT".to_owned(),
            (Event::Sent | Event::Unknown, _) => "UNKNOWN".to_owned(),
            (_, Some(state)) => state.clone(),
            (_, None) => "SENT".to_owned(),
        }
    }
}

/// Every order, oldest first, as far as the journal knows: what was seen after a cancel is known of the order it names,
/// and an order that another one replaced is over, unless it was seen otherwise since: Aries may accept a replacement
/// that the exchange then refuses.
pub(crate) fn records<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for line in lines {
        if matches!(line.event, Event::Cancel | Event::Canceled) {
            // Such lines go by Aries' id.
            let canceled = records
                .iter_mut()
                .rev()
                .find(|record| record.facts.order.as_deref() == Some(line.id.as_str()));
            if let (Some(record), Event::Canceled, Some(state)) = (canceled, line.event, &line.facts.state) {
                record.facts.stand(Some(&line.id), state);
                record.at = line.at;
                record.line = line.n;
            }
            continue;
        }
        let at = *places.entry(line.id.clone()).or_insert(records.len());
        if at == records.len() {
            records.push(Record {
                id: line.id.clone(),
                began: line.at,
                sent: None,
                last: line.event,
                at: line.at,
                line: line.n,
                facts: Facts::default(),
            });
        }
        if let Some(record) = records.get_mut(at) {
            if line.event == Event::Sent {
                record.sent = Some(line.at);
            }
            record.last = line.event;
            record.at = line.at;
            record.line = line.n;
            record.facts.take(&line.facts);
        }
    }
    let replaced = records.iter().enumerate();
    let replaced =
        replaced.filter_map(|(at, record)| Some((at, record.line, record.took_place_of()?.to_owned())));
    for (newer, line, order) in replaced.collect::<Vec<_>>() {
        let older = records.iter_mut().take(newer).filter(|record| {
            record.facts.order.as_ref() == Some(&order) && record.line < line && !record.facts.is_end()
        });
        older.for_each(|record| record.facts.state = Some(State::Replaced.to_string()));
    }
    records
}

impl Facts {
    /// Whether the order was seen to end.
    fn is_end(&self) -> bool {
        self.state.as_deref().and_then(State::said).is_some_and(State::is_end)
    }

    /// Takes over a state, but no open one after an end of the same order: a list that was read before the end may be
    /// noted after it.
    fn stand(&mut self, order: Option<&str>, state: &str) {
        let same = order.is_none() || order == self.order.as_deref();
        let open = State::said(state).is_some_and(State::may_change);
        if !(same && open && self.is_end()) {
            self.state = Some(state.to_owned());
        }
    }

    fn take(&mut self, newer: &Facts) {
        fn put<T: Clone>(slot: &mut Option<T>, newer: &Option<T>) {
            if newer.is_some() {
                slot.clone_from(newer);
            }
        }
        put(&mut self.ticket, &newer.ticket);
        put(&mut self.profile, &newer.profile);
        put(&mut self.account, &newer.account);
        put(&mut self.environment, &newer.environment);
        put(&mut self.live, &newer.live);
        put(&mut self.underlying, &newer.underlying);
        put(&mut self.summary, &newer.summary);
        put(&mut self.value, &newer.value);
        put(&mut self.body, &newer.body);
        put(&mut self.expect, &newer.expect);
        put(&mut self.before, &newer.before);
        if let Some(state) = &newer.state {
            self.stand(newer.order.as_deref(), state);
        }
        put(&mut self.order, &newer.order);
        put(&mut self.replaces, &newer.replaces);
        put(&mut self.note, &newer.note);
    }
}

/// What a New York day has used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Used {
    /// Orders sent.
    pub(crate) orders: u32,
    /// Their value.
    pub(crate) value: Decimal,
}

/// What was used up on `day` on all live or on all simulated accounts together: several accounts are no way around.
pub(crate) fn used(records: &[Record], live: bool, day: Date) -> Used {
    let on_day = |record: &&Record| {
        let at = record.sent.unwrap_or(record.began);
        record.counts() && record.facts.live == Some(live) && at.to_zoned(time::zone()).date() == day
    };
    let mut used = Used::default();
    for record in records.iter().filter(on_day) {
        used.orders += 1;
        used.value += record.facts.value.unwrap_or_default();
    }
    used
}

/// Orders in doubt on an account and underlying.
pub(crate) fn doubts<'a>(records: &'a [Record], account: &str, underlying: &str) -> Vec<&'a Record> {
    records.iter().filter(|record| record.in_doubt() && record.is_on(account, underlying)).collect()
}

/// What an order may go by, Aries' ids and our own: this one, and one after the other those of its replacements (P62).
/// Aries may accept a replacement that the exchange then refuses, so the last is not surely the one that counts.
pub(crate) fn names(records: &[Record], id: &str) -> Vec<String> {
    let mut names = vec![id.to_owned()];
    let own = records.iter().find(|record| record.id == id);
    names.extend(own.and_then(|record| record.facts.order.clone()));
    // The latest replacement of an order: one before it has failed. And no name twice: a ring in a damaged journal must
    // not hold us.
    while let Some(newer) = names
        .last()
        .and_then(|id| records.iter().rev().find(|record| record.took_place_of() == Some(id)))
        .filter(|newer| !names.contains(&newer.id))
    {
        names.push(newer.id.clone());
        // Of one that is there by the person's word alone, a list may still show our own id.
        names.extend(newer.facts.order.clone().filter(|order| !names.contains(order)));
    }
    names
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn states(lines: &[Value]) -> Vec<(String, String)> {
        let whole = |(n, line): (usize, &Value)| -> Line {
            let mut whole = json!({"n": n, "prev": "", "hash": "", "at": "2026-11-20T15:00:00Z"});
            whole.as_object_mut().unwrap().extend(line.as_object().unwrap().clone());
            serde_json::from_value(whole).unwrap()
        };
        let lines: Vec<Line> = lines.iter().enumerate().map(whole).collect();
        records(lines.iter()).into_iter().map(|record| (record.id.clone(), record.state())).collect()
    }

    fn placed(id: &str, order: &str, replaces: Option<&str>, state: &str) -> Vec<Value> {
        vec![
            json!({"event": "intent", "id": id}),
            json!({"event": "sent", "id": id, "replaces": replaces}),
            json!({"event": "answered", "id": id, "order": order, "state": state}),
        ]
    }

    #[test]
    fn what_was_canceled_or_replaced_does_not_read_as_working() {
        let owned = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(id, state)| ((*id).to_owned(), (*state).to_owned())).collect::<Vec<_>>()
        };
        let cancel = |order: &str, state: Option<&str>| {
            vec![
                json!({"event": "cancel", "id": order, "order": order, "summary": "CANCEL it"}),
                json!({"event": "canceled", "id": order, "order": order, "state": state}),
            ]
        };
        let first = placed("am-1", "A1", None, "WORKING");
        let second = placed("am-2", "A2", Some("A1"), "WORKING");
        let refused = placed("am-2", "A1", Some("A1"), "REJECTED");
        let other = placed("am-3", "A3", None, "WORKING");
        assert_eq!(
            states(&[first.clone(), second.clone(), cancel("A2", Some("CANCELED")), other.clone()].concat()),
            owned(&[("am-1", "REPLACED"), ("am-2", "CANCELED"), ("am-3", "WORKING")])
        );
        // Filled before the cancel came; a cancel whose end was not seen; one of an order that another program placed.
        assert_eq!(
            states(&[first.clone(), cancel("A1", Some("FILLED"))].concat()),
            owned(&[("am-1", "FILLED")])
        );
        assert_eq!(states(&[first.clone(), cancel("A1", None)].concat()), owned(&[("am-1", "WORKING")]));
        assert_eq!(
            states(&[first.clone(), cancel("X9", Some("CANCELED"))].concat()),
            owned(&[("am-1", "WORKING")])
        );
        // What was read before an end and noted after it; another order under the same id of ours is another matter.
        let answered = |id: &str, order: &str, state: &str| {
            vec![json!({"event": "answered", "id": id, "order": order, "state": state})]
        };
        let stale = answered("am-1", "A1", "WORKING");
        assert_eq!(
            states(&[first.clone(), cancel("A1", Some("CANCELED")), stale.clone()].concat()),
            owned(&[("am-1", "CANCELED")])
        );
        assert_eq!(
            states(
                &[first.clone(), cancel("A1", Some("CANCELED")), answered("am-1", "A9", "WORKING")].concat()
            ),
            owned(&[("am-1", "WORKING")])
        );
        // A replacement that was accepted counts until the old order is seen again, or the new one once more.
        assert_eq!(
            states(&[first.clone(), second.clone(), stale.clone()].concat()),
            owned(&[("am-1", "WORKING"), ("am-2", "WORKING")])
        );
        assert_eq!(
            states(&[first.clone(), second.clone(), stale, answered("am-2", "A2", "WORKING")].concat()),
            owned(&[("am-1", "REPLACED"), ("am-2", "WORKING")])
        );
        let filled = answered("am-1", "A1", "FILLED");
        assert_eq!(
            states(&[first.clone(), second.clone(), filled, answered("am-2", "A2", "SENT")].concat()),
            owned(&[("am-1", "FILLED"), ("am-2", "SENT")])
        );
        // A replacement that Aries refused, or of which nobody knows, leaves the old order as it was.
        assert_eq!(
            states(&[first.clone(), refused].concat()),
            owned(&[("am-1", "WORKING"), ("am-2", "REJECTED")])
        );
        let unknown = second.iter().take(2).cloned().collect();
        assert_eq!(states(&[first, unknown].concat()), owned(&[("am-1", "WORKING"), ("am-2", "UNKNOWN")]));
    }
}
