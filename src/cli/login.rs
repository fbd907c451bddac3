//! `aries-mcp login`: the person's side of the sign-in.

pub(super) mod ask;
mod report;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use secrecy::SecretString;
use url::Url;

use crate::auth::callback::{Listener, can_listen, too_late};
use crate::auth::keychain::PATIENT;
use crate::auth::login::{Login, Request, refuse_other_api};
use crate::auth::store::Store;
use crate::auth::{Session, scope};
use crate::cli::accounts;
use crate::cli::options::whole;
use crate::cli::output::{say, waiting};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::os::browser;
use crate::told::Reader;

#[derive(Debug, Clone, Args)]
pub(crate) struct LoginArgs {
    /// Also ask for permission to place orders and to change watchlists (order:execution, watchlist:management)
    #[arg(long)]
    pub(crate) trade: bool,
    /// Also ask for permission to change watchlists (watchlist:management)
    #[arg(long)]
    pub(crate) edit_watchlists: bool,
    /// Open no browser here: paste the address of the page you land on (ssh, WSL, containers)
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Ask for these scopes only, separated by spaces or commas
    #[arg(long, value_name = "SCOPES")]
    pub(crate) scopes: Option<String>,
    /// How long to wait for the browser
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = whole::<u64>("a number of seconds", 1..=3_600))]
    pub(crate) timeout: u64,
}

pub(crate) async fn run(settings: &Settings, args: &LoginArgs) -> Result<()> {
    let mut settings = settings.clone();
    settings.scopes = args.scopes.clone().or(settings.scopes);
    let scopes = scope::requested(settings.scopes.as_deref())?;
    let scopes = match (args.trade, args.edit_watchlists) {
        (true, _) => scopes.with_trading(),
        (false, true) => scopes.with_editing(),
        (false, false) => scopes,
    };
    refuse_other_api(&settings)?;
    // The port first: there is no use in asking questions if it is taken.
    let listener = listener(&settings, args).await?;
    // Before any question: a secret that cannot be kept need not be asked for.
    waiting("trying out the token store", Store::of(&settings).probe(PATIENT)).await?;
    let request = Request {
        client_id: ask::client_id(&settings).await?,
        client_secret: ask::client_secret(&settings).await?,
        scopes,
    };
    let login = Login::begin(&settings, request, listener).await?;
    say!("This redirect URI must be registered for your key, letter by letter");
    say!("(Client Center, API, your key, redirect URIs):\n\n    {}\n", settings.redirect_uri);
    say!("Aries may show its consent page only once per key: finish it in one go.\n");
    let code = code(&login, &settings, args).await?;
    let done = waiting("fetching tokens", login.complete(code)).await?;
    let session = Arc::new(Session::stored(&settings));
    let accounts = waiting("listing the accounts", accounts::all(&settings, &session)).await;
    report::print(&settings, &done, accounts);
    Ok(())
}

async fn listener(settings: &Settings, args: &LoginArgs) -> Result<Option<Listener>> {
    let redirect = Url::parse(&settings.redirect_uri)
        .map_err(|_| Error::usage("the redirect URI is not a URL", "check ARIES_REDIRECT_URI"))?;
    if !can_listen(&redirect) {
        return Ok(None);
    }
    match Listener::bind(&redirect).await {
        Ok(listener) => Ok(Some(listener)),
        // Whoever pastes the address needs no port.
        Err(_) if args.no_browser => Ok(None),
        Err(busy) => {
            if ask::on_terminal() {
                say!("{}.", busy.cause);
                if ask::yes("Paste the address of the page you land on instead?").await {
                    return Ok(None);
                }
            }
            Err(busy)
        }
    }
}

async fn code(login: &Login, settings: &Settings, args: &LoginArgs) -> Result<SecretString> {
    say!("Open this address to sign in:\n\n{}\n", login.url());
    if args.no_browser || !login.listens() {
        return without_browser(login, settings, Duration::from_secs(args.timeout)).await;
    }
    say!("Waiting up to {} seconds for the browser to come back.", args.timeout);
    // Failing to open it is no failure: the address is printed.
    let tell = |opened: bool| {
        if !opened {
            say!("No browser could be opened here: open the address yourself.");
        }
    };
    let (url, shown_by) = (login.url().to_string().into(), settings.browser());
    tokio::select! {
        code = browser_or_paste(login, settings, args) => code,
        never = browser::lead(url, &shown_by, tell) => match never {},
    }
}

/// Waits for a paste; a browser on this machine may come back by itself all the same.
async fn without_browser(login: &Login, settings: &Settings, limit: Duration) -> Result<SecretString> {
    say!("After signing in, the browser goes to an address that begins with {}", settings.redirect_uri);
    say!("(the page may say that it cannot be reached: that is fine). Copy that whole address.\n");
    let browser = async {
        match login.listens() {
            true => login.browser(limit).await,
            false => {
                tokio::time::sleep(limit).await;
                Err(too_late(limit))
            }
        }
    };
    tokio::select! {
        code = browser => {
            say!("");
            code.map_err(|error| Error {
                hint: "run it again, and paste the address of the page that you land on before the time is over \
                       (--timeout SECONDS)"
                    .into(),
                ..error
            })
        }
        code = pasted(login, settings) => code,
    }
}

async fn browser_or_paste(login: &Login, settings: &Settings, args: &LoginArgs) -> Result<SecretString> {
    let browser = login.browser(Duration::from_secs(args.timeout));
    if !ask::on_terminal() {
        return browser.await;
    }
    say!("If it lands on a page that cannot be reached, paste that page's address here instead.");
    // Whichever comes first. A browser on another machine cannot come back to this one.
    tokio::select! {
        code = browser => {
            // The question is left unanswered.
            say!("");
            code
        }
        code = pasted(login, settings) => code,
    }
}

fn is_sign_in_page(login: &Login, text: &str) -> bool {
    let page = |url: &Url| (url.origin(), url.path().to_owned());
    Url::parse(text).is_ok_and(|url| page(&url) == page(login.url()))
}

async fn pasted(login: &Login, settings: &Settings) -> Result<SecretString> {
    let _long = ask::LongLines::allow();
    let (mut before, mut refused) = (String::new(), None);
    loop {
        let text = match (ask::line("Paste it here: ").await, refused.take()) {
            (Err(_), Some(error)) => return Err(error),
            (text, _) => text?,
        };
        // An address that was broken over lines comes in parts.
        let whole = format!("{before}{text}");
        let read = login.pasted(&whole).or_else(|error| login.pasted(&text).map_err(|_| error));
        let is_part = whole.starts_with(&settings.redirect_uri) || whole.starts_with("http");
        match read {
            // A slip of the clipboard should not cost the whole sign-in.
            Err(error) if error.exit_code() == 2 && is_sign_in_page(login, &text) => {
                say!(
                    "That is the address to open in the browser. Paste the one of the page that you land on."
                );
                refused = Some(error);
            }
            Err(error) if error.exit_code() == 2 && is_part => {
                say!(
                    "That may be a part of the address: {}. Paste the rest, or the whole of it.",
                    error.cause
                );
                (before, refused) = (whole, Some(error));
            }
            Err(error) if error.exit_code() == 2 && ask::on_terminal() => {
                say!("{}. {}", error.cause, error.hint.to(Reader::Person));
                before.clear();
            }
            outcome => return outcome,
        }
    }
}
