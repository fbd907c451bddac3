//! Whether Aries' addresses answer from here, through which proxy, and what its clock says.
//!
//! Nothing secret is sent. Each address is asked as it is used, so a 404 means that nothing is there. Another answer
//! counts as reached, since only the network is tested, unless it is a proxy's, another page's, or a gateway's whose service
//! is down.

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use jiff::SignedDuration;
use reqwest::{RequestBuilder, StatusCode};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use url::Url;

use super::check::{Check, Finding};
use crate::aries::endpoints::{MARKET_SOCKET, USER_ACCOUNTS};
use crate::aries::socket;
use crate::config::{Environment, Settings};
use crate::error::{Error, Result};
use crate::http::{self, Cause, CauseKind, Failure, Stranger};
use crate::text::clean;

enum Unreached {
    /// Nothing could be asked.
    NoClient(Error),
    Failed(Cause),
}

struct Reached {
    status: u16,
    took: Duration,
    /// Aries' clock minus ours.
    ahead: Option<SignedDuration>,
    /// Who answered in Aries' place, if somebody did.
    stranger: Option<Stranger>,
}

pub(super) struct Found {
    pub(super) checks: Vec<Check>,
    pub(super) reached_api: bool,
}

/// No page that stands in the way is longer than what tells so.
const MOST_BYTES: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(8);
/// More than this and fresh tokens may look ended, or ended ones fresh.
const WRONG: SignedDuration = SignedDuration::from_secs(60);
const ODD: SignedDuration = SignedDuration::from_secs(15);

pub(super) async fn probe(settings: &Settings, env: &Environment) -> Found {
    let urls = &settings.urls;
    let (client, stream) = (|| http::client(urls), socket::address(urls, &MARKET_SOCKET));
    let get = |url: &Url| Ok(client()?.get(url.clone()));
    let list = || get(&USER_ACCOUNTS.with([])?.url(&urls.api));
    let post =
        |url: &Url| Ok(client()?.post(url.clone()).header("content-type", "application/json").body("{}"));
    let open = |url: &Url| socket::opening(url.clone(), &generate_key());
    // Each with the variable that moves it; at the base of other addresses nothing need be.
    let places = [
        ("API", &urls.api, ask(list()).boxed(), None),
        ("token endpoint", &urls.token, ask(post(&urls.token)).boxed(), Some("ARIES_TOKEN_URL")),
        ("stream endpoint", &stream, open_or_show(open(&stream)).boxed(), Some("ARIES_STREAM_URL")),
        (
            "sign-in page",
            &urls.authorize,
            open_or_show(get(&urls.authorize)).boxed(),
            Some("ARIES_AUTHORIZE_URL"),
        ),
    ];
    let proxy = if urls.on_this_machine() { None } else { proxy(env, &urls.api) };
    let asked = places.map(async |(name, url, question, variable)| {
        let answer = question.await;
        (judge(url, variable, &answer, proxy.as_deref()).named(name), answer.ok())
    });
    let (mut checks, reached): (Vec<Check>, Vec<Option<Reached>>) =
        futures_util::future::join_all(asked).await.into_iter().unzip();
    checks.extend(certificates(env).map(|finding| finding.named("certificates")));
    let api = reached.into_iter().next().flatten();
    checks.push(clock(api.as_ref().and_then(|api| api.ahead)).named("clock"));
    Found { checks, reached_api: api.is_some() }
}

/// Asks what answers in JSON.
async fn ask(question: Result<RequestBuilder>) -> std::result::Result<Reached, Unreached> {
    let begun = Instant::now();
    let question = question.map_err(Unreached::NoClient)?.timeout(PATIENCE);
    let answer = match http::exchange(question, MOST_BYTES, 1).await {
        Ok(answer) | Err(Failure::TooLarge(answer) | Failure::BrokenOff(answer, _)) => answer,
        Err(Failure::NotConnected(cause) | Failure::NoAnswer(cause)) => return Err(Unreached::Failed(cause)),
    };
    let stranger = Stranger::of(answer.status, &String::from_utf8_lossy(&answer.body));
    let (status, ahead) = (answer.status.as_u16(), http::ahead(&answer.headers));
    Ok(Reached { status, took: begun.elapsed(), ahead, stranger })
}

/// Asks what answers with a page or with a stream, of which nothing is read.
async fn open_or_show(question: Result<RequestBuilder>) -> std::result::Result<Reached, Unreached> {
    let begun = Instant::now();
    let question = question.map_err(Unreached::NoClient)?.timeout(PATIENCE);
    let answer = http::head(question).await.map_err(Unreached::Failed)?;
    let (status, ahead) = (answer.status().as_u16(), http::ahead(answer.headers()));
    let is_proxy = answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED;
    let stranger = is_proxy.then(|| Stranger::of(answer.status(), "")).flatten();
    Ok(Reached { status, took: begun.elapsed(), ahead, stranger })
}

/// The proxy that the environment names for this address, without its password.
fn proxy(env: &Environment, url: &Url) -> Option<String> {
    let names: &[&str] = match url.scheme() {
        "https" => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        _ => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let (name, value) = names.iter().find_map(|name| Some((name, env.get(name)?)))?;
    let proxy = Url::parse(value).or_else(|_| Url::parse(&format!("http://{value}"))).ok()?;
    Some(format!("{}:{} ({name})", proxy.host_str()?, proxy.port_or_known_default()?))
}

/// A certificate file that is named and cannot be read breaks every connection.
fn certificates(env: &Environment) -> Option<Finding> {
    let file = env.get("SSL_CERT_FILE")?;
    Some(match std::fs::metadata(file).is_ok_and(|found| found.is_file()) {
        true => Finding::ok(format!("those in {file} are trusted (SSL_CERT_FILE)")),
        false => Finding::problem(
            format!("SSL_CERT_FILE names {file}, which is no file"),
            "correct or unset SSL_CERT_FILE",
        ),
    })
}

fn judge(
    url: &Url,
    variable: Option<&str>,
    answer: &std::result::Result<Reached, Unreached>,
    proxy: Option<&str>,
) -> Finding {
    let address = url.as_str().trim_end_matches('/');
    let way = proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    match (answer, variable) {
        (Ok(Reached { status: 404, .. }), Some(variable)) => Finding::problem(
            format!("{address} answered{way} that nothing is there (status 404)"),
            format!("correct or unset {variable} and ARIES_API_URL, or what the config file says instead"),
        ),
        (Ok(Reached { stranger: Some(Stranger { cause, step }), .. }), _) => {
            Finding::problem(format!("{address} is asked{way}: {cause}"), *step)
        }
        (Ok(Reached { status: status @ 502..=599, .. }), _) => Finding::problem(
            format!("{address} answered{way} that its service is down (status {status})"),
            "try again in some minutes; if it stays so, check the proxy if there is one, and ask Aries",
        ),
        (Ok(Reached { status, took, .. }), _) => {
            let https = url.scheme() == "https";
            let tls = if https { "TLS certificate accepted" } else { "no TLS, on this computer" };
            let took = took.as_millis();
            let why = if *status == 401 { ", as no token was sent" } else { "" };
            Finding::ok(format!("{address} answered{way} in {took} ms ({tls}; status {status}{why})"))
        }
        (Err(unreached), _) => Finding::problem(
            format!("{address} cannot be reached{way}: {}", unreached.words()),
            unreached.next_step(proxy, url),
        ),
    }
}

/// Whether the cause says by itself what to do, whichever way the request took.
fn is_plain(kind: CauseKind) -> bool {
    matches!(
        kind,
        CauseKind::ProxyPassword | CauseKind::UnknownIssuer | CauseKind::Clock | CauseKind::Certificate
    )
}

impl Unreached {
    fn next_step(&self, proxy: Option<&str>, url: &Url) -> String {
        let step = match (self, proxy) {
            (Self::NoClient(_), _) => "install the package ca-certificates, or correct SSL_CERT_FILE",
            (Self::Failed(Cause { kind, .. }), _) if is_plain(*kind) => kind.next_step().unwrap_or_default(),
            (_, Some(proxy)) => return format!("check the proxy {proxy}, or name this host in NO_PROXY"),
            _ if crate::config::is_loopback(url) => {
                "start what should listen there (`aries-mcp sandbox`), or unset ARIES_API_URL"
            }
            _ => {
                "check the network; behind a company's proxy set HTTPS_PROXY where the client starts aries-mcp"
            }
        };
        step.to_owned()
    }

    fn words(&self) -> String {
        let cause = match self {
            Self::NoClient(error) => return error.cause.clone(),
            Self::Failed(cause) => cause,
        };
        let text = clean(&cause.text, 160);
        match cause.kind {
            CauseKind::TimedOut => format!("no answer within {} seconds", PATIENCE.as_secs()),
            kind => format!("{}: {text}", kind.words().unwrap_or("no connection")),
        }
    }
}

fn clock(ahead: Option<SignedDuration>) -> Finding {
    let Some(ahead) = ahead else {
        return Finding::not_checked("the API did not tell the time");
    };
    let off = ahead.abs();
    let meaning = http::clock_words(ahead);
    let next = "set the clock of this computer to automatic";
    if off > WRONG {
        Finding::problem(format!("{meaning}; tokens seem to end too early or too late"), next)
    } else if off > ODD {
        Finding::warning(meaning, next)
    } else {
        Finding::ok("agrees with Aries to within a few seconds")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::check::Verdict;

    #[test]
    fn a_wrong_clock_is_a_problem_and_says_in_which_direction() {
        assert_eq!(clock(Some(SignedDuration::from_secs(-3))).result, Verdict::Ok);
        assert_eq!(clock(Some(SignedDuration::from_secs(30))).result, Verdict::Warning);
        let wrong = clock(Some(SignedDuration::from_secs(-600)));
        assert_eq!(wrong.result, Verdict::Problem);
        assert!(
            wrong.meaning.starts_with("this computer's clock is 10 minutes ahead of Aries'"),
            "{wrong:?}"
        );
    }

    #[test]
    fn a_proxy_is_named_without_its_password() {
        let env: Environment = [("HTTPS_PROXY", "http://ann:pw@proxy.example:3128")].into();
        let url = Url::parse("https://api.aries.com").unwrap();
        assert_eq!(proxy(&env, &url).unwrap(), "proxy.example:3128 (HTTPS_PROXY)");
    }
}
