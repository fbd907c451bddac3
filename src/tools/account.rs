//! `get_accounts`, and how a tool finds the account that a person means.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::Table;
use super::format::{count, now};
use super::{Answer, Call, READS, Tool, Work, schema};
use crate::aries::endpoints;
use crate::aries::model::account::{Account, all, named, recent, with_applications};
use crate::config::Toolset;
use crate::error::{Error, Kind, Result};
use crate::told::Told;

/// Most accounts in one structured answer, so that it stays below 3,000 bytes.
const MOST_STRUCTURED: usize = 12;

pub(super) static GET_ACCOUNTS: Tool = Tool {
    name: "get_accounts",
    title: "List accounts",
    description: "The person's Aries accounts: last four characters, live or simulated, type, class, status. \
                  Start here when an account has to be named.",
    toolset: Toolset::Account,
    default: true,
    hints: READS,
    output: Some(schema::output::<Accounts>),
    example: "{}",
    work: Work::Code {
        input: schema::input::<NoArguments>,
        endpoints: &[(&endpoints::USER_ACCOUNTS, "{}"), (&endpoints::USER_ACCOUNTS_V1, "{}")],
        run: |call, _| Box::pin(get_accounts(call)),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoArguments {}

#[derive(Serialize, JsonSchema)]
struct Accounts {
    /// Every account
    accounts: Vec<AccountFacts>,
}

// A comment of its own would stand in the schema.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct AccountFacts {
    /// … and the last four characters; "none yet" for one that is only applied for
    pub(crate) account: String,
    /// LIVE, SIM or SANDBOX
    pub(crate) environment: String,
    /// Such as INDIVIDUAL MARGIN
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// Such as OPEN
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
}

impl AccountFacts {
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            account: if account.exists() { account.masked() } else { "none yet".to_owned() },
            environment: account.money.to_string(),
            kind: account.kind_words(),
            status: account.status.clone(),
        }
    }
}

async fn get_accounts(call: Call) -> Result<Answer> {
    let accounts = with_applications(&call.aries).await?;
    let label = together(&call, accounts.iter());
    let mut table = Table::new(["account", "environment", "type", "status"], "name one account");
    let mut facts: Vec<AccountFacts> = accounts.iter().map(AccountFacts::of).collect();
    for AccountFacts { account, environment, kind, status } in facts.iter().cloned() {
        table.row([Some(account), Some(environment), kind, status]);
    }
    facts.truncate(MOST_STRUCTURED);
    let mut answer = Answer::new(format!("{label} · {} · asked {}", count(accounts.len(), "account"), now()));
    if !table.is_empty() {
        answer = answer.table(table);
    }
    if let Some(odd) = accounts.iter().find(|account| account.id_field != "trading_account_id") {
        answer = answer
            .line(format!("Aries sent no trading_account_id; the accounts are named by {}.", odd.id_field));
    }
    Ok(answer.structured(json!(Accounts { accounts: facts })))
}

/// The first word of an answer about several accounts: live as soon as one of them is.
pub(super) fn together<'a>(call: &Call, mut accounts: impl Iterator<Item = &'a Account>) -> &'static str {
    let sandbox = call.aries.urls().on_this_machine();
    if !sandbox && accounts.all(|account| !account.money.is_live()) { "SIM" } else { call.market() }
}

/// The accounts a call is about: the one named, or all of them. They are remembered for a minute, unless no account has the
/// name: it may be a new one.
/// Fails if no account or more than one fits the name; the answer lists what there is.
pub(super) async fn chosen(call: &Call, name: Option<&str>) -> Result<Vec<Account>> {
    let mut accounts = recent(&call.aries).await?;
    let Some(name) = name else {
        let hint = Told::person_to("check Client Center");
        return match accounts.is_empty() {
            true => Err(Error::new(Kind::Refused, "Aries lists no account for this sign-in", hint)),
            false => Ok(accounts),
        };
    };
    if named(accounts.clone(), name).is_empty() {
        accounts = all(&call.aries).await?;
    }
    let listed = accounts.iter().map(Account::masked).collect::<Vec<_>>().join(", ");
    let fitting = named(accounts, name);
    match fitting.len() {
        1 => Ok(fitting),
        0 => Err(Error::usage(
            "`account`: no account has that name",
            format!("give the last four characters or the full id; there are: {listed}"),
        )),
        _ => Err(Error::usage(
            "`account`: several accounts end like that",
            Told::pair(
                "give the full id; the person can look it up in Client Center",
                "give the full id; Client Center has it",
            ),
        )),
    }
}

/// Last four characters of every account, of those that begin like this.
pub(super) async fn names(call: &Call, typed: &str) -> Result<Vec<String>> {
    let typed = typed.trim().trim_start_matches('…');
    let accounts = recent(&call.aries).await?;
    let names = accounts.iter().map(|account| account.masked().trim_start_matches('…').to_owned());
    Ok(names.filter(|name| name.starts_with(typed)).take(100).collect())
}
