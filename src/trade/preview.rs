//! `preview_order`: everything that can be known before an order is sent, and the ticket that sends it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::Desk;
use super::book::{self, Working};
use super::decimal::Number;
use super::intent;
use super::limits::{self, Scene, Verdict, cents};
use super::order::{Action, Kind, Leg, Order, Shape, TimeInForce};
use super::quote::{self, Quote};
use super::record::{self, records};
use super::rules::{self, Wanted};
use super::ticket::{Previewed, random};
use crate::aries::Json;
use crate::aries::account::Account;
use crate::aries::endpoints::ORDER_PREVIEW;
use crate::aries::symbols::{Symbol, key};
use crate::aries::text::clean;
use crate::aries::time;
use crate::aries::write::Sent;
use crate::error::{Error, Kind as ErrorKind, Result};

/// What a preview tells.
#[derive(Debug, Clone)]
pub struct Preview {
    /// One sentence a person can check.
    pub sentence: String,
    /// What Aries' own preview said, as name and value.
    pub numbers: Vec<(String, String)>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Checks that could not run.
    pub unchecked: Vec<String>,
    /// Where the value comes from.
    pub estimated_cost: Option<String>,
    /// The quote it was judged by.
    pub quote: String,
    /// The ticket.
    pub ticket: String,
    /// Until when it can be presented.
    pub expires: Timestamp,
}

/// An order and where it goes, checked in every way that needs no answer of a person.
pub(super) struct Checked {
    pub(super) verdict: Verdict,
    pub(super) quote: Option<Quote>,
    /// Ids that Aries lists for the account now.
    pub(super) listed: Vec<String>,
}

impl Desk {
    /// Previews an order.
    ///
    /// # Errors
    /// What is wrong with it, or what could not be found out and must be.
    pub async fn preview(&self, wanted: &Wanted) -> Result<Preview> {
        self.look_first().await;
        let account = book::account(self.aries(), wanted.account.as_deref()).await?;
        self.open_for(&account)?;
        let today = time::now().date();
        let (order, replaced) = match &wanted.replaces {
            Some(id) => {
                let (order, old) = self.replacement(&account, wanted, id).await?;
                rules::check(&order, today)?;
                (order, Some(old))
            }
            None => (rules::order(wanted, today)?, None),
        };
        let checked = self.check(&account, &order, replaced.as_ref()).await?;
        let client_id = format!("am-{}", random()?.get(..24).unwrap_or_default());
        let body = match &replaced {
            Some(old) => replace_body(&account, &order, old, &client_id),
            None => order.body(&account.id, Some(&client_id)),
        };
        let Checked { mut verdict, quote, .. } = checked;
        let numbers = match &replaced {
            Some(_) => {
                verdict.unchecked.push("Aries' own preview: it has none for replacements".to_owned());
                Vec::new()
            }
            None => self.ask_aries(&account, &body, &mut verdict).await?,
        };
        let sentence = self.sentence(&account, &order, replaced.as_ref(), verdict.value);
        verdict.warnings.extend(self.found_first().await);
        verdict.warnings.extend(self.sent_before(&sentence)?);
        let told = numbers.iter().map(|(name, value)| format!("{name}: {value}"));
        let quote_words = quote.as_ref().map_or_else(|| "none".to_owned(), |quote| self.quote_words(quote));
        let mut lines: Vec<String> = told.collect();
        lines.push(format!("Quote: {quote_words}"));
        lines.extend(verdict.warnings.iter().map(|warning| format!("Warning: {warning}")));
        lines.extend(verdict.unchecked.iter().map(|what| format!("Could not be checked: {what}")));
        let (ticket, expires) = self.tickets().issue(Previewed {
            environment: self.environment(&account),
            account,
            order,
            replaced,
            body,
            client_id,
            sentence: sentence.clone(),
            numbers: lines,
        })?;
        let estimated_cost =
            numbers.iter().find(|(name, _)| name == "Estimated cost").map(|(_, value)| value.clone());
        Ok(Preview {
            sentence,
            estimated_cost: estimated_cost
                .or_else(|| (!verdict.value.is_zero()).then(|| limits::cents(verdict.value))),
            numbers,
            warnings: verdict.warnings,
            unchecked: verdict.unchecked,
            quote: quote_words,
            ticket,
            expires,
        })
    }

    /// A model that lost track may preview what it has ordered already: the person should know.
    fn sent_before(&self, sentence: &str) -> Result<Option<String>> {
        let lines = self.journal().read()?.unwrap_or_default();
        let now = Timestamp::now();
        let alike = records(lines.iter().flatten()).into_iter().rev().find(|record| {
            let recent = record.sent.is_some_and(|at| now.duration_since(at).as_mins() < 60);
            recent && record.facts.summary.as_deref() == Some(sentence)
        });
        Ok(alike.map(|record| {
            let minutes = record.sent.map_or(0, |at| now.duration_since(at).as_mins());
            format!(
                "the same order was sent {minutes} min ago ({}): this would be another one",
                record.state()
            )
        }))
    }

    /// Whether orders are possible on this account at all.
    pub(super) fn open_for(&self, account: &Account) -> Result<()> {
        if account.simulated || self.trading().live {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Refused,
            format!("account {} is live, and live trading is off", account.masked()),
            "ask the person; only they can decide that, outside this conversation. A simulated account can be used",
        ))
    }

    /// Everything that is checked at preview and once more before sending: position, open orders, quote, limits.
    pub(super) async fn check(
        &self,
        account: &Account,
        order: &Order,
        replaced: Option<&Working>,
    ) -> Result<Checked> {
        let aries = self.aries();
        // Orders first: one that is filled between the two reads counts twice, as ordered and as done. The other way
        // round it would not count at all, and the same shares could be sold again.
        let held = async {
            let open = book::current(aries, &account.id).await?;
            Ok::<_, Error>((open, book::positions(aries, &account.id).await?))
        };
        let (held, quote) = futures_util::join!(held, quote::fetch(aries, order));
        let live = !account.simulated;
        let mut unchecked = Vec::new();
        let (open, positions) = held?;
        book::readable(&open, order.underlying(), replaced)?;
        match positions {
            Some(positions) => {
                book::readable_positions(&positions, order.underlying())?;
                intent::check(order, &positions, &open, replaced)?;
            }
            None if live || closes(order) => {
                return Err(Error::new(
                    ErrorKind::Unavailable,
                    "Aries' list of positions is not available right now, so the order cannot be checked against it",
                    "try again in a minute",
                ));
            }
            None => unchecked.push("positions: Aries' list is not available".to_owned()),
        }
        let quote = match quote {
            Ok(quote) => Some(quote),
            Err(error) => {
                unchecked.push(format!("prices: {}", error.cause));
                None
            }
        };
        let scene = Scene {
            trading: self.trading(),
            account,
            replaced,
            now: Timestamp::now(),
            always_open: aries.urls().on_this_machine(),
        };
        let mut verdict = limits::check(&scene, order, quote.as_ref())?;
        verdict.unchecked.extend(unchecked);
        let journal = self.journal().open().await?;
        let records = records(journal.lines.iter());
        let used = record::used(&records, live, time::now().date());
        limits::day(self.trading(), live, used, verdict.growth)?;
        Ok(Checked { verdict, quote, listed: open.into_iter().map(|order| order.id).collect() })
    }

    /// Aries' own preview (`trading.md` 6.4). What it names an error refuses the order.
    async fn ask_aries(
        &self,
        account: &Account,
        body: &Value,
        verdict: &mut Verdict,
    ) -> Result<Vec<(String, String)>> {
        let reply = match self.writer().post(&ORDER_PREVIEW, body).await {
            Sent::Answered(reply) => reply,
            Sent::Refused(error) => return Err(error),
            Sent::Unknown(error) if !account.simulated => {
                let cause = format!("Aries' own preview could not be had: {}", error.cause);
                return Err(Error::new(
                    ErrorKind::Unavailable,
                    cause,
                    "nothing was ordered; try again in a minute",
                ));
            }
            Sent::Unknown(error) => {
                verdict.unchecked.push(format!("Aries' own preview: {}", error.cause));
                return Ok(Vec::new());
            }
        };
        let json = reply.json()?;
        let errors = texts(json, &["errorMessages", "errors", "rejectReason"]);
        if !errors.is_empty() || json.get("success").and_then(Json::boolean) == Some(false) {
            let said = if errors.is_empty() { texts(json, &["text", "message"]) } else { errors };
            return Err(Error::new(
                ErrorKind::Refused,
                format!("Aries would refuse it: {}", said.join("; ")),
                "tell the person what Aries said",
            ));
        }
        verdict.warnings.extend(
            texts(json, &["warningMessages", "warnings", "warnDescription"])
                .into_iter()
                .map(|text| format!("Aries: \"{text}\"")),
        );
        let money = |names: &[&str]| names.iter().find_map(|name| json.decimal_at(name)).map(cents);
        let rows: [(&str, &[&str]); 8] = [
            ("Estimated cost", &["estimatedCost", "cost"]),
            ("Margin", &["estimatedMargin", "marginRequirement"]),
            ("Commission", &["commission"]),
            ("Fees", &["fees"]),
            ("Buying power effect", &["buyingPowerImpact"]),
            ("Option fees", &["optionFees"]),
            ("Option premium", &["optionPremium"]),
            ("Option requirement", &["optionRequirement"]),
        ];
        let is_option = body.get("legs").is_some();
        let rows = rows.into_iter().filter(|(name, _)| is_option || !name.starts_with("Option"));
        let mut numbers: Vec<(String, String)> =
            rows.filter_map(|(name, names)| Some((name.to_owned(), money(names)?))).collect();
        if let Some(days) = json.get("numDayTrades").and_then(Json::integer) {
            numbers.push(("Day trades".to_owned(), days.to_string()));
        }
        if let Some(rule) = json.text_at("warnRuleId").filter(|rule| rule != "0") {
            verdict.warnings.push(format!("Aries names its warning rule {}", clean(&rule, 40)));
        }
        Ok(numbers)
    }

    fn sentence(
        &self,
        account: &Account,
        order: &Order,
        replaced: Option<&Working>,
        value: Decimal,
    ) -> String {
        // The quantity is the new total, so a person must know what of it is done already.
        let filled = |old: &Working| match old.filled {
            filled if filled.is_zero() => String::new(),
            filled => {
                let left = (order.quantity.value() - filled).normalize();
                format!("; {} filled already, {left} left to fill", filled.normalize())
            }
        };
        let old = replaced
            .map(|old| format!(" instead of {} ({}{})", old.sentence(), old.id, filled(old)))
            .unwrap_or_default();
        let about = if value.is_zero() {
            "of unknown value".to_owned()
        } else {
            format!("about {} USD", cents(value))
        };
        format!(
            "{}{old}, account {} {}, {about}",
            order.sentence(),
            account.masked(),
            self.environment(account)
        )
    }

    fn quote_words(&self, quote: &Quote) -> String {
        let age = match quote.at {
            Some(at) => {
                let seconds = Timestamp::now().duration_since(at).as_secs().max(0);
                format!("{seconds} s old ({})", time::rfc3339(at))
            }
            None => "fetched now, Aries tells no time".to_owned(),
        };
        let delayed = if quote.delayed { ", delayed feed" } else { "" };
        format!("{}, {age}{delayed}", quote.words())
    }

    /// The order that a replacement would leave, and the order whose place it takes.
    async fn replacement(&self, account: &Account, wanted: &Wanted, id: &str) -> Result<(Order, Working)> {
        let old = self.find(account, id).await?;
        let refused = |cause: String| {
            Err(Error::new(ErrorKind::Refused, cause, "tell the person; get_orders shows the order"))
        };
        if !old.is_open() {
            return refused(format!("order {} is no longer open: it is {}", old.id, old.status));
        }
        if old.is_changing() {
            return refused(format!("order {} is about to change: Aries calls it {}", old.id, old.status));
        }
        if let Some(what) = old.unreadable {
            return refused(format!("order {} cannot be replaced, since {what} in Aries' list", old.id));
        }
        if old.legs.len() > 1 {
            return refused(
                "Aries documents no replacement of spreads; cancel it and preview a new one".to_owned(),
            );
        }
        if let Some(leg) = old.legs.first().filter(|leg| leg.ratio != Decimal::ONE) {
            return refused(format!(
                "order {} has {} contracts per unit, and only orders with one can be replaced; cancel it and preview a new one",
                old.id,
                leg.ratio.normalize()
            ));
        }
        let shape = shape_of(&old, wanted)?;
        let kind = Kind::of_wire(&old.kind);
        let Some(kind) = kind.filter(|kind| wanted.kind.is_none_or(|wanted| wanted == *kind)) else {
            return refused(format!("the type of an order cannot be replaced (it is {})", old.kind));
        };
        let time_in_force = match wanted.time_in_force {
            Some(word @ (TimeInForce::Day | TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok)) => {
                Some(word)
            }
            Some(_) => {
                let cause = "`time_in_force`: a replacement takes day, gtc, ioc or fok";
                return Err(Error::usage(cause, "leave it out to keep what the order has"));
            }
            None => TimeInForce::of_wire(&old.time_in_force),
        };
        let Some(time_in_force) = time_in_force else {
            return refused(format!("its time in force {:?} is not known here", old.time_in_force));
        };
        let number = |name: &str, given: &Option<String>, before: Option<Decimal>, places: usize| match (
            given, before,
        ) {
            (Some(text), _) => Number::read(name, text, places).map(Some),
            // What does not change is not sent, so it may have more places than a new order takes.
            (None, Some(before)) => {
                let kept = Number::read(name, &before.normalize().to_string(), CARRIED);
                kept.map(Some).map_err(|_| {
                    Error::usage(
                        format!("the order's own `{name}`, {}, cannot be carried over", before.normalize()),
                        format!("give `{name}` too, or cancel the order and preview a new one"),
                    )
                })
            }
            (None, None) => Ok(None),
        };
        let needless = |name: &str, given: &Option<String>, has: bool| match given {
            Some(_) if !has => Err(Error::usage(
                format!("`{name}` does not belong to a {} order", kind.word()),
                "leave it out",
            )),
            _ => Ok(()),
        };
        needless("limit_price", &wanted.limit_price, kind.has_limit())?;
        needless("stop_price", &wanted.stop_price, kind.has_stop())?;
        let quantity = number("quantity", &wanted.quantity, Some(old.quantity), 0)?;
        let Some(quantity) = quantity.filter(|quantity| quantity.value() > old.filled) else {
            return refused(format!(
                "`quantity` is the new total, and {} are filled already",
                old.filled.normalize()
            ));
        };
        let order = Order {
            shape,
            quantity,
            kind,
            limit: number("limit_price", &wanted.limit_price, old.limit.filter(|_| kind.has_limit()), 4)?,
            stop: number("stop_price", &wanted.stop_price, old.stop.filter(|_| kind.has_stop()), 4)?,
            time_in_force,
        };
        if order.limit.is_some() != kind.has_limit() || order.stop.is_some() != kind.has_stop() {
            return refused("Aries does not tell the prices of that order".to_owned());
        }
        let value = |number: &Option<Number>| number.as_ref().map(Number::value);
        let same = order.quantity.value() == old.quantity
            && value(&order.limit) == old.limit.filter(|_| kind.has_limit())
            && value(&order.stop) == old.stop.filter(|_| kind.has_stop())
            && order.time_in_force.wire() == old.time_in_force;
        if same {
            return Err(Error::usage(
                "the replacement changes nothing",
                "give what is to change: quantity, prices or time_in_force",
            ));
        }
        Ok((order, old))
    }
}

/// Decimal places of a number that a replacement leaves as it is.
const CARRIED: usize = 9;

fn closes(order: &Order) -> bool {
    match &order.shape {
        Shape::Stock { action, .. } => action.closes(),
        _ => order.legs().iter().any(|leg| leg.action.closes()),
    }
}

/// What the old order trades; what the call says of it must not contradict.
fn shape_of(old: &Working, wanted: &Wanted) -> Result<Shape> {
    let differs = |name: &str, is: &str| {
        let cause = format!("`{name}` cannot be changed by a replacement: the order has {is}");
        Err(Error::usage(cause, format!("leave `{name}` out, or cancel the order and preview a new one")))
    };
    if wanted.legs.is_some() {
        return differs("legs", "none");
    }
    let (shape, symbol) = match old.legs.first() {
        Some(leg) => {
            let action = match (leg.buys, leg.closes) {
                (true, Some(false)) => Action::BuyToOpen,
                (true, Some(true)) => Action::BuyToClose,
                (false, Some(true)) => Action::SellToClose,
                (false, Some(false)) => Action::SellToOpen,
                (_, None) => wanted
                    .action
                    .filter(|action| action.is_option() && action.buys() == leg.buys)
                    .ok_or_else(|| {
                    Error::usage(
                        "Aries does not say whether that order opens or closes",
                        "give `action`; ask the person",
                    )
                })?,
            };
            let contract = leg.contract.clone();
            (Shape::Single(Leg { contract: contract.clone(), action, ratio: 1 }), Symbol::Option(contract))
        }
        None => {
            let action = [Action::Buy, Action::Sell, Action::SellShort, Action::BuyToCover]
                .into_iter()
                .find(|action| action.side() == old.side)
                .ok_or_else(|| {
                    Error::new(
                        ErrorKind::Refused,
                        format!("its side {:?} is not known here", old.side),
                        "tell the person",
                    )
                })?;
            let ticker = old.underlying().to_owned();
            (Shape::Stock { ticker: ticker.clone(), action }, Symbol::Stock(ticker))
        }
    };
    let own = match &shape {
        Shape::Stock { action, .. } => *action,
        Shape::Single(leg) => leg.action,
        Shape::Spread { .. } => Action::Buy,
    };
    if wanted.action.is_some_and(|action| action != own) {
        return differs("action", own.words());
    }
    if let Some(text) = &wanted.symbol {
        let given = Symbol::traded(text).ok().map(|given| key(&given.to_string()));
        if given != Some(key(&symbol.to_string())) {
            return differs("symbol", &symbol.to_string());
        }
    }
    Ok(shape)
}

/// `trading.md` 6.5: the original's symbol, side and type, and of the rest only what changes.
fn replace_body(account: &Account, order: &Order, old: &Working, client_id: &str) -> Value {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("origClOrdId", json!(old.id));
    put("tradingAccountId", json!(account.id));
    put("symbol", json!(old.symbol));
    put("side", json!(old.side));
    put("type", json!(old.kind));
    if order.quantity.value() != old.quantity {
        put("qty", json!(order.quantity.text()));
    }
    if let Some(limit) = order.limit.as_ref().filter(|limit| Some(limit.value()) != old.limit) {
        put("price", json!(limit.text()));
    }
    if let Some(stop) = order.stop.as_ref().filter(|stop| Some(stop.value()) != old.stop) {
        put("stopPrice", json!(stop.text()));
    }
    if order.time_in_force.wire() != old.time_in_force {
        put("timeInForce", json!(order.time_in_force.wire()));
    }
    put("clientId", json!(client_id));
    Value::Object(body)
}

/// Texts under any of these names, whether one or a list.
fn texts(json: Json<'_>, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for value in names.iter().filter_map(|name| json.get(name)) {
        let items = if value.is_array() { value.items() } else { vec![value] };
        for item in items {
            let text =
                item.text().or_else(|| item.text_at("description")).or_else(|| item.text_at("message"));
            found.extend(text.map(|text| clean(&text, 200)));
        }
    }
    found
}
