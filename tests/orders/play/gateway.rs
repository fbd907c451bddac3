//! What stands between the program and the embedded Aries: it passes on, disturbs as its mood says, and keeps a ledger of
//! every POST that would change something.

use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::lists;
use super::mood::{Books, Entry, Hears, Kind, Mood, Quotes, Trouble};
use super::truth::{Truth, is_open, number, pause, text};
use super::wire::{self, Answer, Request};

/// Shares free to sell; bid and ask.
type Situation = (Option<Decimal>, Option<(Decimal, Decimal)>);

pub(super) struct Gateway {
    pub(super) origin: String,
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) truth: Truth,
    mood: Mutex<Mood>,
}

impl Gateway {
    pub(super) fn start(truth: Truth, mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner { truth, mood: Mutex::new(mood) });
        let serving = Arc::clone(&inner);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let inner = Arc::clone(&serving);
                std::thread::spawn(move || inner.serve(stream));
            }
        });
        Self { origin, inner }
    }

    pub(super) fn mood(&self) -> MutexGuard<'_, Mood> {
        self.inner.mood()
    }
}

impl Inner {
    pub(super) fn mood(&self) -> MutexGuard<'_, Mood> {
        self.mood.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn serve(self: &Arc<Self>, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(request) = wire::read(&mut reader) {
            let (answer, whole) = match self.answer(&request) {
                Some(answered) => answered,
                None => break,
            };
            if !wire::write(&mut stream, &answer, whole) {
                break;
            }
        }
        let _ = stream.shutdown(std::net::Shutdown::Both);
    }

    /// The answer, and whether it is written whole; `None` for none.
    fn answer(self: &Arc<Self>, request: &Request) -> Option<(Answer, bool)> {
        let path = request.path();
        let kind = match (request.method.as_str(), path) {
            ("POST", "/v1/orders") => Some(Kind::Place),
            ("POST", "/v1/orders/replace") => Some(Kind::Replace),
            ("POST", "/v1/orders/cancel") => Some(Kind::Cancel),
            _ => None,
        };
        if let Some(kind) = kind {
            return self.change(kind, request);
        }
        if path == "/v1/orders/preview" {
            self.mood().previewed = request.json()["clientId"].as_str().map(str::to_owned);
        }
        if request.method == "GET" && path.starts_with("/v") {
            if let Some(failing) = self.mood().failing_read() {
                return Some((failing, true));
            }
            if let Some(answer) = lists::answer(self, request) {
                return Some((answer, true));
            }
        }
        let mut answer = wire::pass_on(&self.truth.host, request);
        self.spoil(path, &mut answer);
        Some((answer, true))
    }

    fn spoil(&self, path: &str, answer: &mut Answer) {
        let mut mood = self.mood();
        let mut json = answer.json();
        if path.ends_with("/users/me/accounts") {
            for account in json["accounts"].as_array_mut().into_iter().flatten() {
                let id = text(account, "trading_account_id").to_owned();
                let wavers = mood.wavering && mood.dice.percent(50);
                let simulated =
                    account["is_sim"].as_bool().unwrap_or_default() ^ mood.flipped.contains(&id) ^ wavers;
                account["is_sim"] = json!(simulated);
                mood.told_live.insert(id, !simulated);
            }
        } else if is_quote(path) && mood.quotes != Quotes::True {
            let wrong = mood.quotes;
            mood.count(format!("quote {wrong:?}"));
            distort(&mut json, wrong);
        } else {
            return;
        }
        answer.body = json.to_string().into_bytes();
    }

    /// An order, a replacement or a cancel.
    fn change(self: &Arc<Self>, kind: Kind, request: &Request) -> Option<(Answer, bool)> {
        let mut body = request.json();
        let account = text(&body, "tradingAccountId").to_owned();
        let target =
            (kind != Kind::Place).then(|| self.target(&account, text(&body, "origClOrdId"))).flatten();
        let (free, market) = self.situation(kind, &body, target.as_ref());
        if kind == Kind::Place {
            self.enter_twin(&body);
        }
        let (index, trouble) = self.enter(kind, &body, target.clone(), (free, market));
        if let Some((id, _)) = target {
            body["origClOrdId"] = json!(id);
        }
        let headers = request.headers.clone();
        let request = Request {
            method: "POST".to_owned(),
            target: request.target.clone(),
            headers,
            body: body.to_string().into_bytes(),
        };
        let Some(Trouble { books, hears }) = trouble else {
            return Some((self.book(index, &request, &account), true));
        };
        let answer = match books {
            Books::AtOnce => Some(self.book(index, &request, &account)),
            Books::Never => None,
            Books::Late => {
                let (inner, looks) = (Arc::clone(self), self.mood().looks);
                std::thread::spawn(move || {
                    for _ in 0..40 {
                        pause(5);
                        if inner.mood().looks >= looks + 4 {
                            break;
                        }
                    }
                    inner.book(index, &request, &account);
                });
                None
            }
        };
        self.heard(hears, answer)
    }

    /// Writes it into the ledger: tells its place there, and what goes wrong.
    fn enter(
        &self,
        kind: Kind,
        body: &Value,
        target: Option<(String, Value)>,
        (free, market): Situation,
    ) -> (usize, Option<Trouble>) {
        let mut mood = self.mood();
        let trouble = mood.troubles.pop_front();
        if let Some(trouble) = &trouble {
            mood.count(trouble.name());
        }
        let entry = Entry {
            at: Instant::now(),
            kind,
            body: body.clone(),
            trouble: trouble.clone(),
            live: mood.told_live.get(text(body, "tradingAccountId")).copied().unwrap_or(true),
            quotes: mood.quotes,
            config: mood.config.clone(),
            target,
            free,
            market,
            answer: None,
            row: None,
        };
        mood.ledger.push(entry);
        (mood.ledger.len() - 1, trouble)
    }

    fn enter_twin(&self, order: &Value) {
        let Some(twin) = self.mood().twin.take() else { return };
        let id = twin.enter(&self.truth, order);
        let mut mood = self.mood();
        mood.count("another order under the same clientId");
        mood.twins.extend(id.map(|id| (id, twin)));
    }

    fn heard(&self, hears: Hears, answer: Option<Answer>) -> Option<(Answer, bool)> {
        let id = answer.as_ref().map(|answer| text(&answer.json(), "clOrdId").to_owned()).unwrap_or_default();
        match hears {
            Hears::Nothing => None,
            Hears::Half => Some((answer?, false)),
            Hears::Answer { after } => {
                pause(after);
                Some((answer?, true))
            }
            Hears::Instead(status, kind, body) => {
                Some((Answer::text(status, kind, &body.replace("{ID}", &id)), true))
            }
        }
    }

    /// Has Aries do it, and notes what came of it.
    fn book(&self, index: usize, request: &Request, account: &str) -> Answer {
        let answer = wire::pass_on(&self.truth.host, request);
        let said = answer.json();
        let row = self.truth.row(account, text(&said, "clOrdId"));
        let mut mood = self.mood();
        if let Some(entry) = mood.ledger.get_mut(index) {
            entry.row = row;
            entry.answer = Some(said);
        }
        answer
    }

    /// The order that an id means to Aries: of those that are shown under it the one that is open.
    fn target(&self, account: &str, shown: &str) -> Option<(String, Value)> {
        let rows = self.truth.rows(account);
        let mood = self.mood();
        let mut fitting: Vec<&Value> =
            rows.iter().filter(|row| lists::shown_id(&mood, text(row, "clOrdId")) == shown).collect();
        fitting.sort_by_key(|row| !is_open(row));
        fitting.first().map(|row| (text(row, "clOrdId").to_owned(), (*row).clone()))
    }

    /// Shares free to sell where some are to be sold, and the market where there is one for shares.
    fn situation(&self, kind: Kind, body: &Value, target: Option<&(String, Value)>) -> Situation {
        if kind == Kind::Cancel || !body["legs"].is_null() {
            return (None, None);
        }
        let symbol = text(body, "symbol");
        let but = target.map(|(id, _)| id.as_str());
        let sells = text(body, "side") == "SELL";
        let free = sells.then(|| self.truth.free(text(body, "tradingAccountId"), symbol, but));
        (free, self.truth.quote(symbol))
    }
}

fn is_quote(path: &str) -> bool {
    ["/v1/marketdata/", "/v1/chart/quotes", "/v1/stocks/last", "/v1/options/snapshot/", "/v1/stocks/snapshot"]
        .iter()
        .any(|beginning| path.starts_with(beginning))
}

/// Makes every quote in an answer wrong.
fn distort(json: &mut Value, wrong: Quotes) {
    match json {
        Value::Array(rows) => rows.iter_mut().for_each(|row| distort(row, wrong)),
        Value::Object(members) => {
            let price = |name: &str| ["bidPrice", "bid", "askPrice", "ask"].contains(&name);
            let is_bid = |name: &str| name.starts_with("bid");
            for (name, value) in members.iter_mut() {
                let now = number(&json!({ "at": value }), "at");
                match (wrong, now) {
                    (Quotes::Stub, Some(_)) if price(name) => {
                        *value = if is_bid(name) { json!(0.01) } else { json!(9999) };
                    }
                    (Quotes::Crossed, Some(now)) if price(name) => {
                        let by = if is_bid(name) { Decimal::new(11, 1) } else { Decimal::new(9, 1) };
                        *value = json!((now * by).to_string().parse::<f64>().unwrap());
                    }
                    (Quotes::High, Some(now)) if price(name) || name == "lastPrice" || name == "lp" => {
                        *value = json!((now * Decimal::from(9)).to_string().parse::<f64>().unwrap());
                    }
                    (Quotes::NoBid, _) if price(name) && is_bid(name) => *value = Value::Null,
                    (Quotes::NoAsk, _) if price(name) && !is_bid(name) => *value = Value::Null,
                    (Quotes::Other, _) if ["symbol", "s", "n", "ticker"].contains(&name.as_str()) => {
                        if value.as_str().is_some_and(|text| text != "ok") {
                            *value = json!("QQQQ");
                        }
                    }
                    _ => distort(value, wrong),
                }
            }
        }
        _ => {}
    }
}
