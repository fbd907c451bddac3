//! `sign_in`: the same flow as `aries-mcp login`, begun from the chat on the person's word.
//!
//! The one tool that changes the sign-in of this machine (nothing at Aries); it is listed only while signed out.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Answer, Call, Hints, Tool, Work, schema, typed};
use crate::auth::session::{Flow, State};
use crate::config::Toolset;
use crate::error::Result;

pub(super) static SIGN_IN: Tool = Tool {
    name: "sign_in",
    title: "Sign in to Aries",
    description: "Nobody is signed in to Aries on this computer. Ask the person first; on their word this opens Aries' \
                  sign-in page in their browser once and answers at once with its address and what to do. Calling it \
                  again tells how the sign-in stands and opens nothing. Passwords are typed in the browser only: \
                  never ask for one. When it is done, the list of tools changes.",
    toolset: Toolset::Account,
    default: true,
    hints: Hints { read_only: false, destructive: false, idempotent: true, open_world: true },
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
}

async fn sign_in(call: &Call, args: SignIn) -> Result<Answer> {
    let Flow { state, new, left } = call.aries.session().sign_in(args.client_id.as_deref()).await?;
    Ok(match state {
        State::NoKey { redirect_uri } => no_key(&redirect_uri),
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
        State::Done(scopes) => Answer::new("SIGNED IN · nothing was opened")
            .line(format!("Granted: {scopes}"))
            .line("The tools for it are listed now; get_accounts is a good start."),
        State::Failed { error, .. } => {
            let answer = Answer::new(format!("NOT SIGNED IN · {}", error.cause))
                .line(format!("What helps: {}", error.hint));
            match left.as_secs().div_ceil(60) {
                0 => answer.line("Then call sign_in again."),
                minutes => answer.line(format!(
                    "A new page opens {minutes} minutes from now at the earliest; `aries-mcp login` in a terminal works at once."
                )),
            }
        }
    })
}

fn no_key(redirect_uri: &str) -> Answer {
    Answer::new("NOT STARTED · no Client ID is known, nothing was opened")
        .line("Tell the person to make a key, once, in Aries' Client Center (tab API, Generate Key):")
        .line(format!("1. register this redirect URI, letter by letter: {redirect_uri}"))
        .line("2. choose the scopes for reading; leave out user:management")
        .line(
            "3. copy the Client ID. The client secret is not needed here and must not be pasted into a chat.",
        )
        .line("Then call sign_in with that client_id. Or the person runs `aries-mcp login` in a terminal.")
}
