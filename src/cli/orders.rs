//! `aries-mcp orders`: the order journal of this machine for people; `verify` checks its chain; `settle` ends a doubt.

use clap::{ArgGroup, Args, Subcommand};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::aries::symbols::compare::may_be_same_underlying;
use crate::aries::time;
use crate::cli::login::ask;
use crate::cli::output::{answer, say};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::trade::journal::file::Journal;
use crate::trade::journal::history::{Record, records};
use crate::trade::reconcile::find::Lookup;
use crate::trade::reconcile::resolve::{Looked, busy};

/// Options of `orders`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct OrdersArgs {
    #[command(subcommand)]
    command: Option<OrdersCommand>,
    /// As JSON, as the journal has them: without looking orders in doubt up first
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
    /// End the doubt about an order by hand
    Settle(SettleArgs),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("how").required(true).args(["sent", "not_sent"]))]
struct SettleArgs {
    /// Our own id of the order, from `aries-mcp orders`
    id: String,
    /// It is at Aries
    #[arg(long)]
    sent: bool,
    /// It is not at Aries
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
            journal.inspect().map(drop)
        }
        Some(OrdersCommand::Verify) => {
            let path = journal.path().display();
            match journal.verify().await? {
                Some(lines) => answer!("{lines} lines, each as it was written: {path}"),
                None => answer!("There is no order journal: {path}"),
            }
            Ok(())
        }
        Some(OrdersCommand::Settle(wanted)) => {
            let record = doubtful(&journal, &wanted)?;
            let (settings, session) = super::signed_in(settings)?;
            let lookup = Lookup::new(&settings, &super::sender(&settings, &session));
            super::until_told_to_end(&session, None, settle(&lookup, &record, wanted.sent)).await
        }
    }
}

/// Looks for orders in doubt before they are listed; without one it touches nothing. Whatever keeps it from that is
/// said, and the journal is shown all the same.
async fn look(settings: Settings, journal: &Journal) -> Result<()> {
    let lines = journal.read()?.unwrap_or_default();
    let doubts: Vec<Record> = records(lines.iter().flatten()).into_iter().filter(Record::in_doubt).collect();
    if doubts.is_empty() {
        return Ok(());
    }
    let (settings, session) = super::signed_in(settings)?;
    let lookup = Lookup::new(&settings, &super::sender(&settings, &session));
    let looking = async {
        for (record, looked) in lookup.look_at(doubts).await {
            let what = record.facts.summary.as_deref().unwrap_or("an order");
            match looked {
                Looked::Found(how) => say!("{}: found at Aries: {how} ({what})", record.id),
                Looked::NotSeen => say!(
                    "{}: not seen at Aries, which proves nothing; once you know, `aries-mcp orders settle` ends the doubt",
                    record.id
                ),
                Looked::NotLooked(why) => say!("{}: not looked up at Aries: {why}", record.id),
                Looked::Busy => say!("{}: not looked up at Aries: {}", record.id, busy().cause),
                Looked::Over => {}
            }
        }
        Ok(())
    };
    super::until_told_to_end(&session, None, looking).await
}

fn known(journal: &Journal) -> Result<Vec<Record>> {
    let lines = journal.read()?.unwrap_or_default();
    Ok(records(lines.iter().flatten()))
}

fn show(journal: &Journal, args: &OrdersArgs) -> Result<()> {
    let day: Option<Date> = args.day.as_deref().map(time::date).transpose()?;
    let wanted = |record: &&Record| {
        let of_day = day.is_none_or(|day| record.began.to_zoned(time::zone()).date() == day);
        let underlying = record.facts.underlying.as_deref().unwrap_or_default();
        of_day && args.symbol.as_ref().is_none_or(|symbol| may_be_same_underlying(symbol, underlying))
    };
    let all = known(journal)?;
    let rows: Vec<&Record> = all.iter().filter(wanted).collect();
    if args.json {
        let value = Value::Array(rows.into_iter().map(as_json).collect());
        let text = serde_json::to_string_pretty(&value);
        answer!(
            "{}",
            text.map_err(|error| Error::failed(format!("cannot write JSON: {error}"), "report this"))?
        );
        return Ok(());
    }
    if rows.is_empty() {
        answer!("No orders in {}", journal.path().display());
        return Ok(());
    }
    answer!("{:<19}  {:<16}  {:<27}  order", "time (New York)", "state", "our id");
    for record in rows {
        answer!(
            "{:<19}  {:<16}  {:<27}  {}",
            time::local(record.began),
            record.state(),
            record.id,
            record.facts.summary.as_deref().unwrap_or("—")
        );
        if let Some(note) =
            record.facts.note.as_ref().filter(|_| record.in_doubt() || record.state() == "NOT SENT")
        {
            answer!("{:<19}  {note}", "");
        }
    }
    Ok(())
}

fn as_json(record: &Record) -> Value {
    let facts = &record.facts;
    let mut value = json!({
        "id": record.id,
        "time": time::rfc3339(record.began),
        "state": record.state(),
        "event": record.last,
        "changed": time::rfc3339(record.at),
    });
    let masked = facts.account.as_ref().map(|id| {
        let skip = id.chars().count().saturating_sub(4);
        format!("…{}", id.chars().skip(skip).collect::<String>())
    });
    let more = [
        ("sent", record.sent.map(|at| json!(time::rfc3339(at)))),
        ("profile", facts.profile.clone().map(Value::from)),
        ("account", masked.map(Value::from)),
        ("environment", facts.environment.clone().map(Value::from)),
        ("symbol", facts.underlying.clone().map(Value::from)),
        ("summary", facts.summary.clone().map(Value::from)),
        ("value", facts.value.map(|value| json!(value))),
        ("order", facts.order.clone().map(Value::from)),
        ("replaces", facts.replaces.clone().map(Value::from)),
        ("body", facts.body.clone()),
        ("note", facts.note.clone().map(Value::from)),
    ];
    if let Value::Object(fields) = &mut value {
        fields.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    value
}

/// The order that is to be settled, if there is a doubt about it and a person at the keyboard.
fn doubtful(journal: &Journal, wanted: &SettleArgs) -> Result<Record> {
    let Some(record) = known(journal)?.into_iter().find(|record| record.id == wanted.id) else {
        return Err(Error::usage(
            format!("the journal has no order {}", wanted.id),
            "`aries-mcp orders` lists them",
        ));
    };
    if !record.in_doubt() {
        return Err(Error::usage(
            format!("there is no doubt about {}: it is {}", record.id, record.state()),
            "only orders that are UNKNOWN can be settled",
        ));
    }
    // A person decides this: a program that pipes an answer in is not one.
    if !ask::on_terminal() {
        return Err(Error::usage(
            "settling a doubt needs a terminal",
            "run it in a terminal and answer there",
        ));
    }
    Ok(record)
}

async fn settle(lookup: &Lookup, record: &Record, sent: bool) -> Result<()> {
    let facts = &record.facts;
    say!("Order:    {}", facts.summary.as_deref().unwrap_or("—"));
    say!("Our id:   {}", record.id);
    say!("Sent:     {}", record.sent.map_or_else(|| "—".to_owned(), time::rfc3339));
    say!("Known:    {}", facts.note.as_deref().unwrap_or("its answer was never seen"));
    say!("Looking for it at Aries once more ...");
    match lookup.look_well(&record.id).await? {
        Looked::Found(found) => {
            answer!("Found: {found}. The doubt is ended.");
            return Ok(());
        }
        Looked::Over => {
            answer!("The doubt has ended meanwhile; `aries-mcp orders` shows how.");
            return Ok(());
        }
        Looked::Busy => return Err(busy()),
        Looked::NotSeen => {
            say!("It was not seen. That proves nothing: look in Aries' own application as well.");
        }
        Looked::NotLooked(why) => say!("It could not be looked for: {why}"),
    }
    let claim = if sent { "IS at Aries" } else { "is NOT at Aries" };
    let answered = ask::line(&format!("Do you know that this order {claim}? Type yes: ")).await;
    if answered.as_deref() != Ok("yes") {
        return Err(Error::new(Kind::Failed, "nothing was changed", "run it again when you know"));
    }
    lookup.settle_by_hand(record, sent).await?;
    answer!("Noted: it {claim}.");
    Ok(())
}
