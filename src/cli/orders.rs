//! `aries-mcp orders`: the order journal of this machine for people; `verify` checks its chain; `settle` ends a doubt.

use std::sync::Arc;

use clap::{ArgGroup, Args, Subcommand};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::aries::model::account::masked;
use crate::aries::socket::Streams;
use crate::aries::symbols::compare::may_be_same_underlying;
use crate::aries::time::{self, Toward};
use crate::auth::session::Session;
use crate::cli::login::ask;
use crate::cli::output::{answer, answer_json, say, to_stdout_as_columns, waiting};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::trade::journal::Journal;
use crate::trade::journal::history::{History, OrderHistory};
use crate::trade::reconcile::Reconciler;
use crate::trade::reconcile::resolve::{Claim, Looked, busy};
use crate::trade::state::State;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct OrdersArgs {
    #[command(subcommand)]
    command: Option<OrdersCommand>,
    /// Print JSON of what the journal holds; orders of unknown outcome are not looked up first
    #[arg(long)]
    json: bool,
    /// Only orders of this New York day: 2026-12-18, today or yesterday
    #[arg(long, value_name = "DATE")]
    day: Option<String>,
    /// Only orders on this ticker or its options
    #[arg(long, value_name = "TICKER")]
    symbol: Option<String>,
}

#[derive(Debug, Subcommand)]
enum OrdersCommand {
    /// Check that no line of the journal was changed or removed
    Verify,
    /// Record by hand whether an order of unknown outcome is at Aries
    Settle(SettleArgs),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("how").required(true).args(["sent", "not_sent"]))]
struct SettleArgs {
    /// The order, by the id in the list of `aries-mcp orders`
    id: String,
    /// The order is at Aries
    #[arg(long)]
    sent: bool,
    /// The order is not at Aries
    #[arg(long)]
    not_sent: bool,
}

pub(super) async fn run(settings: Settings, args: OrdersArgs) -> Result<()> {
    let journal = Journal::of(&settings);
    match args.command {
        None => {
            // Programs get what is on disk, and no network with it.
            if !args.json {
                look(settings, &journal).await?;
            }
            show(&journal, &args)?;
            // What is missing must not pass for what never was, not for programs either.
            journal.verify().map(drop)
        }
        Some(OrdersCommand::Verify) => {
            let path = journal.path().display();
            match journal.verify()? {
                Some(lines) => answer!("{lines} lines, each as it was written: {path}"),
                None => answer!("There is no order journal yet, for no order was sent from here: {path}"),
            }
            Ok(())
        }
        Some(OrdersCommand::Settle(wanted)) => {
            let order = unknown(&journal, &wanted.id)?;
            let claim = if wanted.sent { Claim::AtAries } else { Claim::NotAtAries };
            let (settings, session) = super::signed_in(settings)?;
            let reconciler = reconciler(&settings, &session);
            super::until_told_to_end(&session, None, settle(&reconciler, &order, claim)).await
        }
    }
}

fn reconciler(settings: &Settings, session: &Arc<Session>) -> Reconciler {
    let aries = super::sender(settings, session);
    Reconciler::new(settings, &aries, &Streams::new(&aries, settings.timing))
}

/// Looks for orders in doubt before they are listed; without one it touches nothing. Whatever keeps it from that is
/// said, and the journal is shown all the same.
async fn look(settings: Settings, journal: &Journal) -> Result<()> {
    let unknown: Vec<OrderHistory> = known(journal)?.unknown().cloned().collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let (settings, session) = super::signed_in(settings)?;
    let reconciler = reconciler(&settings, &session);
    let looking = async {
        let looking = reconciler.look_for_all(unknown);
        for (order, looked) in waiting("looking for orders at Aries", looking).await {
            let found = match looked {
                Looked::Found(how) => format!("found at Aries: {how} ({})", order.summary()),
                Looked::NotSeen => "not seen at Aries, which proves nothing; once you know, \
                                    `aries-mcp orders settle` ends the doubt"
                    .to_owned(),
                Looked::Failed(why) => format!("not looked up at Aries: {why}"),
                Looked::Busy(held) => format!("not looked up at Aries: {}", busy(&held).cause),
                Looked::Over => continue,
            };
            say!("{}: {found}", order.id);
        }
        Ok(())
    };
    super::until_told_to_end(&session, None, looking).await
}

fn known(journal: &Journal) -> Result<History> {
    Ok(journal.read()?.unwrap_or_default())
}

fn show(journal: &Journal, args: &OrdersArgs) -> Result<()> {
    let day: Option<Date> = args.day.as_deref().map(|day| time::date(day, Toward::Past)).transpose()?;
    let wanted = |order: &&OrderHistory| {
        let of_day = day.is_none_or(|day| order.began.to_zoned(time::zone()).date() == day);
        let is_on = |symbol: &String| {
            order.place().is_some_and(|(_, underlying)| may_be_same_underlying(symbol, underlying))
        };
        of_day && args.symbol.as_ref().is_none_or(is_on)
    };
    let all = known(journal)?;
    let rows: Vec<&OrderHistory> = all.0.iter().filter(wanted).collect();
    if args.json {
        answer_json(&rows.into_iter().map(as_json).collect::<Vec<_>>());
        return Ok(());
    }
    if rows.is_empty() {
        answer!("No orders in the journal {}", journal.path().display());
        return Ok(());
    }
    let lines = rows.into_iter().map(line).map(|cells| cells.map(|cell| cell.replace('|', "/")).join("|"));
    let head = "time (New York)|state|id|order".to_owned();
    to_stdout_as_columns(&std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"));
    Ok(())
}

/// The cells of an order; one that is not at Aries for sure says why.
fn line(order: &OrderHistory) -> [String; 4] {
    let explains = matches!(order.state(), State::Unknown | State::NotSent);
    let note = order.note.as_deref().filter(|_| explains);
    let summary = order.placed.as_ref().map(|placed| placed.summary.as_str());
    let words: Vec<&str> = summary.into_iter().chain(note).collect();
    [time::local(order.began), order.state().to_string(), order.id.clone(), words.join(": ")]
}

fn as_json(order: &OrderHistory) -> Value {
    let (placed, sent) = (order.placed.as_ref(), order.sent.as_ref());
    let mut value = json!({
        "id": order.id,
        "time": time::rfc3339(order.began),
        "state": order.state(),
        "event": json!(order.last).get("event"),
        "changed": time::rfc3339(order.at),
        "sent": sent.map(|(at, _)| time::rfc3339(*at)),
        "profile": placed.map(|placed| &placed.profile),
        "account": placed.map(|placed| masked(&placed.account)),
        "environment": placed.map(|placed| &placed.environment),
        "symbol": placed.map(|placed| &placed.underlying),
        "summary": placed.map(|placed| &placed.summary),
        "value": sent.map(|(_, sent)| &sent.value),
        "order": order.order,
        "replaces": order.replaces,
        "body": sent.map(|(_, sent)| &sent.body),
        "note": order.note,
    });
    // What is not known is left out.
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, field| !field.is_null());
    }
    value
}

/// The order that is to be settled, if its outcome is unknown and a person is at the keyboard.
fn unknown(journal: &Journal, id: &str) -> Result<OrderHistory> {
    let history = known(journal)?;
    let none = || Error::usage(format!("the journal has no order {id}"), "`aries-mcp orders` lists them");
    let order = history.find(id).ok_or_else(none)?;
    if !order.is_unknown() {
        return Err(Error::usage(
            format!("there is no doubt about {id}: it is {}", order.state()),
            "only orders that are UNKNOWN can be settled",
        ));
    }
    // A person decides this: a program that pipes an answer in is not one.
    if !ask::on_terminal() {
        let hint = "run it in a terminal and answer there";
        return Err(Error::usage(
            "`aries-mcp orders settle` asks a question, and can ask it only in a terminal",
            hint,
        ));
    }
    Ok(order.clone())
}

async fn settle(reconciler: &Reconciler, order: &OrderHistory, claim: Claim) -> Result<()> {
    say!("Order:    {}", order.summary());
    say!("Id:       {}", order.id);
    say!("Sent:     {}", order.sent.as_ref().map_or_else(|| "—".to_owned(), |(at, _)| time::rfc3339(*at)));
    say!("Known:    {}", order.note.as_deref().unwrap_or("its answer was never seen"));
    say!("Looking for it at Aries once more ...");
    match waiting("looking", reconciler.look_thoroughly(order)).await? {
        Looked::Found(found) => {
            answer!("Found: {found}. The doubt is ended.");
            return Ok(());
        }
        Looked::Over => {
            answer!("The doubt has ended meanwhile; `aries-mcp orders` shows how.");
            return Ok(());
        }
        Looked::Busy(held) => return Err(busy(&held)),
        Looked::NotSeen => {
            say!("It was not seen. That proves nothing: look in Aries' own application as well.");
        }
        Looked::Failed(why) => say!("It could not be looked for: {why}"),
    }
    let words = match claim {
        Claim::AtAries => "IS at Aries",
        Claim::NotAtAries => "is NOT at Aries",
    };
    let answered = ask::line(&format!("Do you know that this order {words}? Type yes: ")).await;
    if answered.as_deref() != Ok("yes") {
        return Err(Error::failed("nothing was changed", "run it again when you know"));
    }
    reconciler.settle(order, claim).await?;
    answer!("Noted: it {words}.");
    Ok(())
}
