//! Profit and loss of an account over time: the candles of the topic `pnl`, which Aries tells on the account socket alone.
//!
//! Their members are not documented: a time and a close are looked for under the names that Aries uses elsewhere. Nor is
//! it documented that a candle names its account, so that each account has a connection of its own.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::about::About;
use crate::aries::endpoint::Endpoint;
use crate::aries::endpoints::ACCOUNT_SOCKET;
use crate::aries::json::Object;
use crate::aries::time::{self, Toward};
use crate::aries::{Aries, Json};
use crate::error::{Error, Kind, Result};
use crate::timing::Sockets;

const TIMES: [&str; 7] = ["t", "time", "timestamp", "startTime", "start", "date", "ts"];
const CLOSES: [&str; 9] =
    ["c", "close", "value", "pnl", "totalPnl", "dayTotalPnl", "v", "pnl/close", "candle/close"];
/// Candles that are kept: a month of quarters of an hour has fewer.
const MOST: usize = 2_000;

pub(crate) struct Pnl;

/// What the candles told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Curve {
    /// The close of each candle, by the moment that it is stamped with.
    pub(crate) closes: BTreeMap<Timestamp, Decimal>,
    /// Whether something came in which no candle was found.
    pub(crate) is_unread: bool,
}

impl Pnl {
    /// Names a subscription by what it asks for.
    pub(crate) fn name(account: &str, from: Timestamp, interval: &str) -> String {
        format!("{account} {from} {interval}")
    }
}

impl About for Pnl {
    type State = Curve;
    type News = ();
    type Polled = Infallible;

    fn endpoint() -> &'static Endpoint {
        &ACCOUNT_SOCKET
    }

    fn subscribe(key: &str) -> Option<Value> {
        let mut words = key.split(' ');
        let params = json!({"accountId": words.next(), "startTime": words.next(), "interval": words.next()});
        Some(json!({"topic": "pnl", "params": params}))
    }

    fn unsubscribe(key: &str) -> Option<Value> {
        Some(json!({"topic": "pnl", "params": {"accountId": key.split(' ').next()}}))
    }

    /// There is one subscription, unless what came names another account.
    fn key(_: Option<&str>, payload: &Object<'_>, known: &[&str]) -> Option<String> {
        let key = known.first().filter(|_| known.len() == 1)?;
        let account = ["target", "accountId", "data/accountId"].iter().find_map(|path| payload.text_at(path));
        account.is_none_or(|account| key.split(' ').next() == Some(&*account)).then(|| (*key).to_owned())
    }

    fn merge(curve: &mut Curve, payload: &Object<'_>) -> Option<Vec<()>> {
        let before = curve.closes.len();
        let data = payload.get("data").unwrap_or(payload.whole());
        curve.take(data);
        // An acknowledgement has no data, and is no candle that could not be read.
        curve.is_unread |= before == curve.closes.len() && payload.has("data") && curve.closes.is_empty();
        Some(vec![()])
    }

    fn merge_polled(_: &mut Curve, polled: Infallible) -> Vec<()> {
        match polled {}
    }

    async fn poll(_: &Aries, keys: &[String]) -> Vec<(String, Result<Infallible>)> {
        let no_call = || Error::new(Kind::NotFound, "no call of Aries tells it", "wait for its socket");
        keys.iter().map(|key| (key.clone(), Err(no_call()))).collect()
    }

    fn pause(timing: &Sockets, _: usize) -> Duration {
        timing.longest_pause
    }
}

impl Curve {
    /// Takes a candle, a list of them wherever it stands, or columns of a chart.
    fn take(&mut self, data: Json<'_>) {
        let one =
            |names: &[&str]| names.iter().find_map(|name| data.get(name).filter(|found| !found.is_object()));
        match (one(&TIMES), one(&CLOSES)) {
            (Some(times), Some(closes)) if times.is_array() => {
                for (time, close) in times.items().into_iter().zip(closes.items()) {
                    self.put(time, close);
                }
            }
            (Some(time), Some(close)) => self.put(time, close),
            _ => {
                let members = data.members().into_iter().map(|(_, inner)| inner);
                for inner in members.chain(data.items()).filter(|inner| inner.is_object() || inner.is_array())
                {
                    self.take(inner);
                }
            }
        }
    }

    fn put(&mut self, time: Json<'_>, close: Json<'_>) {
        let read = |text: &str| time::stamp(text).or_else(|| time::moment(text, Toward::Unsaid).ok());
        let moment = time.text().and_then(|text| read(&text));
        if let (Some(moment), Some(close)) = (moment, close.decimal())
            && (self.closes.len() < MOST || self.closes.contains_key(&moment))
        {
            self.closes.insert(moment, close);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(payload: &Value) -> Curve {
        let mut curve = Curve::default();
        Pnl::merge(&mut curve, &Json::parse(&payload.to_string()).unwrap().opened());
        curve
    }

    #[test]
    fn a_candle_is_found_in_whatever_form_it_comes() {
        let noon = "2026-11-27T12:00:00Z";
        for data in [
            json!({"time": noon, "open": "1", "high": "3", "low": "1", "close": "2.50"}),
            json!({"candles": [{"t": 1_795_780_800_000_i64, "c": 2.5}]}),
            json!({"accountId": "1", "data": {"timestamp": 1_795_780_800, "pnl": "2.50"}}),
            json!({"startTime": noon, "pnl": {"open": 1, "close": 2.5}}),
            json!({"t": [1_795_780_800], "c": [2.5]}),
            json!([{"date": "2026-11-27T07:00:00", "totalPnl": "2.50"}]),
        ] {
            let curve = merged(&json!({"topic": "pnl", "data": data}));
            let expected = BTreeMap::from([(noon.parse().unwrap(), Decimal::new(250, 2))]);
            assert_eq!(curve.closes, expected, "{data}");
            assert!(!curve.is_unread, "{data}");
        }
    }

    #[test]
    fn what_has_no_candle_is_unread_but_an_acknowledgement_is_none() {
        assert!(merged(&json!({"topic": "pnl", "data": {"profit": 1}})).is_unread);
        assert!(!merged(&json!({"topic": "pnl"})).is_unread);
    }

    #[test]
    fn a_candle_of_another_account_is_not_ours() {
        let key = Pnl::name("A1", "2026-11-01T00:00:00Z".parse().unwrap(), "1d");
        let of =
            |payload: Value| Pnl::key(None, &Json::parse(&payload.to_string()).unwrap().opened(), &[&key]);
        assert_eq!(of(json!({"data": {"accountId": "A2"}})), None);
        assert_eq!(of(json!({"data": {"accountId": "A1"}})).as_deref(), Some(key.as_str()));
        assert_eq!(of(json!({"data": {}})).as_deref(), Some(key.as_str()));
        let asked = Pnl::subscribe(&key).unwrap();
        assert_eq!(
            asked["params"],
            json!({"accountId": "A1", "startTime": "2026-11-01T00:00:00Z", "interval": "1d"})
        );
    }
}
