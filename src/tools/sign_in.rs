//! `sign_in`: the same flow as `aries-mcp login`, begun from the chat on the person's word.
//!
//! The one tool that changes the sign-in of this machine (nothing at Aries). It is listed while nobody is signed in, and
//! while the right to order is all that keeps the order tools away.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Answer, Call, Hints, Tool, Work, schema, typed};
use crate::auth::Scopes;
use crate::auth::scope::Rights;
use crate::auth::session::{Flow, State};
use crate::config::Toolset;
use crate::error::Result;
use crate::told::Told;

pub(super) static SIGN_IN: Tool = Tool {
    name: "sign_in",
    title: "Sign in to Aries",
    description: "Signs the person in to Aries where nobody is, or adds the right to order with `trade`. Ask the person \
                  first; on their word this opens Aries' sign-in page in their browser once and answers at once with its \
                  address and what to do. Calling it \
                  again tells how the sign-in stands and opens nothing. Passwords are typed in the browser only: \
                  never ask for one. When it is done, the list of tools changes.",
    toolset: Toolset::Account,
    default: true,
    hints: Hints { read_only: false, destructive: false, idempotent: true, open_world: true, meta: None },
    output: None,
    example: "{}",
    work: Work::Code {
        input: schema::input::<SignIn>,
        endpoints: &[],
        run: |call, args| Box::pin(async move { sign_in(&call, typed(args)?).await }),
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The Client ID of the person's key from Aries' Client Center; only needed the first time. Never a secret
    client_id: Option<String>,
    /// true asks for the right to order (order:execution) too; only if the person wants to place orders
    trade: Option<bool>,
}

async fn sign_in(call: &Call, args: SignIn) -> Result<Answer> {
    let rights = if args.trade == Some(true) { Rights::Trading } else { Rights::AsChosen };
    let Flow { state, new, left } = call.aries.session().sign_in(args.client_id.as_deref(), rights).await?;
    Ok(match state {
        State::NoKey { redirect_uri } => no_key(&redirect_uri, rights),
        State::Preparing => Answer::new("SIGN-IN PREPARING · nothing was opened yet")
            .line("The keychain has not answered yet; a dialog may be waiting behind other windows.")
            .line("Tell the person to unlock it, then call sign_in again."),
        State::Waiting { url, opened } => {
            let begun = if new { "SIGN-IN STARTED" } else { "SIGN-IN WAITING" };
            Answer::new(format!("{begun} · for the person, {} more minutes", left.as_secs().div_ceil(60)))
                .line(match (opened, new) {
                    (Some(true) | None, true) => "The browser was asked to open Aries' sign-in page.",
                    (Some(true) | None, false) => "The page was opened before; nothing was opened now.",
                    (Some(false), _) => "No browser was opened: the person opens the address themselves.",
                })
                .line(format!("Address, only for a browser on the same computer: {url}"))
                .line("Tell the person: sign in there and allow the access, in one go, since Aries may show its \
                       consent page only once. Then say so here.")
                .line("If the page names a wrong client id or redirect URI: ask for the Client ID of the key and call \
                       sign_in with it; the redirect URI to register is in the address.")
        }
        State::Done(scopes) => done(call, &scopes, rights),
        State::Failed { error, .. } => {
            let answer = Answer::new(format!("NOT SIGNED IN · {}", error.cause))
                .line(Told::from("What helps: ").and(error.for_the_person().hint));
            match left.as_secs().div_ceil(60) {
                0 => answer.line("Then call sign_in again."),
                minutes => answer.line(format!(
                    "A new page opens {minutes} minutes from now at the earliest; `aries-mcp login` in a terminal works at once."
                )),
            }
        }
    })
}

fn done(call: &Call, scopes: &Scopes, rights: Rights) -> Answer {
    let answer = Answer::new("SIGNED IN · nothing was opened").line(format!("Granted: {scopes}"));
    let about_orders = match (scopes.may_trade(), rights) {
        _ if call.orders.is_none() => "This server is read-only: it places no orders.",
        (true, _) => {
            "Orders can be previewed; on a live account only if the person has switched live trading on."
        }
        (false, Rights::Trading) => {
            "Aries did not grant order:execution. Tell the person to enable it for the key in Client Center (tab API), then \
             call sign_in with trade: true again."
        }
        (false, Rights::AsChosen) => {
            "Orders are not part of it. If the person wants them: sign_in with trade: true on their word, or they run \
             `aries-mcp login --trade`."
        }
    };
    answer.line("The tools for it are listed now; get_accounts is a good start.").line(about_orders)
}

fn no_key(redirect_uri: &str, rights: Rights) -> Answer {
    Answer::new("NOT STARTED · no Client ID is known, nothing was opened")
        .line("Tell the person to make a key, once, in Aries' Client Center (tab API, Generate Key):")
        .line(format!("1. register this redirect URI, letter by letter: {redirect_uri}"))
        .line(match rights {
            Rights::AsChosen => "2. choose the scopes for reading; leave out user:management",
            Rights::Trading => {
                "2. choose the scopes for reading, order:execution and watchlist:management; leave out user:management"
            }
        })
        .line(
            "3. copy the Client ID. The client secret is not needed here and must not be pasted into a chat.",
        )
        .line("Then call sign_in with that client_id. Or the person runs `aries-mcp login` in a terminal.")
}
