//! Whether Aries' addresses answer from here, through which proxy, and what its clock says.
//!
//! Nothing secret is sent. Each address is asked as it is used, so a 404 means that nothing is there; any other answer
//! counts as reached, since only the network is tested.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use reqwest::RequestBuilder;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use url::Url;

use super::check::Check;
use crate::aries::socket;
use crate::aries::text::clean;
use crate::config::{Environment, Settings};
use crate::error::{Error, Result};
use crate::http::{self, Cause, CauseKind};

/// One of Aries' addresses.
struct Place {
    name: &'static str,
    url: Url,
    way: Way,
    /// The variable that moves it.
    variable: &'static str,
}

/// How an address is used. Servers may answer 404 to any other way.
enum Way {
    /// The base of other addresses, where nothing need be.
    Base,
    /// A page.
    Page,
    /// A form; an empty one is refused.
    Form,
    /// A socket.
    Socket,
}

/// One answer, or the reason why there is none.
struct Answer {
    place: Place,
    outcome: std::result::Result<Reached, Unreached>,
}

/// Why there is no answer.
enum Unreached {
    /// Nothing could be asked.
    NoClient(Error),
    /// Asking failed.
    Failed(Cause),
}

struct Reached {
    status: u16,
    took: Duration,
    /// Aries' clock minus ours.
    ahead: Option<SignedDuration>,
}

/// What was found.
pub(super) struct Found {
    answers: Vec<Answer>,
    proxy: Option<String>,
    certificates: Option<Check>,
}

const API: &str = "API";
/// Time for one answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// More than this and fresh tokens may look ended, or ended ones fresh.
const WRONG: SignedDuration = SignedDuration::from_secs(60);
const ODD: SignedDuration = SignedDuration::from_secs(15);

pub(super) async fn probe(settings: &Settings, env: &Environment) -> Found {
    let urls = &settings.urls;
    let place = |name, url, way, variable| Place { name, url, way, variable };
    let places = [
        place(API, urls.api.clone(), Way::Base, "ARIES_API_URL"),
        place("token endpoint", urls.token.clone(), Way::Form, "ARIES_TOKEN_URL"),
        place("stream endpoint", socket::address(urls), Way::Socket, "ARIES_STREAM_URL"),
        place("sign-in page", urls.authorize.clone(), Way::Page, "ARIES_AUTHORIZE_URL"),
    ];
    let asked = places.into_iter().map(|place| ask(settings, place));
    let answers = futures_util::future::join_all(asked).await;
    let proxy = (!urls.on_this_machine()).then(|| proxy(env, &urls.api)).flatten();
    Found { answers, proxy, certificates: certificates(env) }
}

async fn ask(settings: &Settings, place: Place) -> Answer {
    let begun = Instant::now();
    let question = match question(settings, &place) {
        Ok(question) => question,
        Err(error) => return Answer { place, outcome: Err(Unreached::NoClient(error)) },
    };
    let outcome = match question.timeout(PATIENCE).send().await {
        Ok(answer) => {
            let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
            Ok(Reached {
                status: answer.status().as_u16(),
                took: begun.elapsed(),
                ahead: date.and_then(ahead),
            })
        }
        Err(error) => Err(Unreached::Failed(Cause::of(&error))),
    };
    Answer { place, outcome }
}

fn question(settings: &Settings, place: &Place) -> Result<RequestBuilder> {
    let url = place.url.clone();
    Ok(match place.way {
        Way::Base | Way::Page => http::client(&settings.urls)?.get(url),
        Way::Form => {
            http::client(&settings.urls)?.post(url).header("content-type", "application/json").body("{}")
        }
        Way::Socket => socket::opening(url, &generate_key())?,
    })
}

fn ahead(date: &str) -> Option<SignedDuration> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(theirs.duration_since(Timestamp::now()))
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
fn certificates(env: &Environment) -> Option<Check> {
    const NAME: &str = "certificates";
    let file = env.get("SSL_CERT_FILE")?;
    Some(match std::fs::metadata(file) {
        Ok(found) if found.is_file() => {
            Check::ok(NAME, format!("those in {file} are trusted (SSL_CERT_FILE)"))
        }
        _ => Check::problem(
            NAME,
            format!("SSL_CERT_FILE names {file}, which is no file"),
            "correct or unset SSL_CERT_FILE",
        ),
    })
}

impl Found {
    pub(super) fn reached_api(&self) -> bool {
        self.answers.iter().any(|answer| answer.place.name == API && answer.outcome.is_ok())
    }

    pub(super) fn checks(&self) -> Vec<Check> {
        let mut checks: Vec<Check> = self.answers.iter().map(|answer| self.judge(answer)).collect();
        checks.extend(self.certificates.clone());
        let api = self.answers.iter().find(|answer| answer.place.name == API);
        let ahead = api.and_then(|api| api.outcome.as_ref().ok()).and_then(|reached| reached.ahead);
        checks.push(clock(ahead));
        checks
    }

    fn judge(&self, answer: &Answer) -> Check {
        let Answer { place: Place { name, url, way: used, variable }, outcome } = answer;
        let address = url.as_str().trim_end_matches('/');
        let way = match &self.proxy {
            Some(proxy) => format!(" through the proxy {proxy}"),
            None => String::new(),
        };
        match outcome {
            Ok(Reached { status: 404, .. }) if !matches!(used, Way::Base) => Check::problem(
                *name,
                format!("{address} answered{way} that nothing is there (status 404)"),
                format!(
                    "correct or unset {variable} and ARIES_API_URL, or what the config file says instead"
                ),
            ),
            Ok(reached) => {
                let tls = if url.scheme() == "https" {
                    "TLS certificate accepted"
                } else {
                    "no TLS, on this computer"
                };
                let (status, took) = (reached.status, reached.took.as_millis());
                Check::ok(
                    *name,
                    format!("{address} answered{way} in {took} ms ({tls}, status {status} without a token)"),
                )
            }
            Err(unreached) => Check::problem(
                *name,
                format!("{address} cannot be reached{way}: {}", unreached.words()),
                self.next_step(unreached, url),
            ),
        }
    }

    fn next_step(&self, unreached: &Unreached, url: &Url) -> String {
        let kind = match unreached {
            Unreached::NoClient(_) => {
                return "install the package ca-certificates, or correct SSL_CERT_FILE".to_owned();
            }
            Unreached::Failed(cause) => cause.kind,
        };
        if let Some(proxy) = &self.proxy {
            return format!("check the proxy {proxy}, or name this host in NO_PROXY");
        }
        if kind == CauseKind::Certificate {
            return "if a company's firewall opens TLS, name its certificate file in SSL_CERT_FILE; \
                    else do not sign in from this network"
                .to_owned();
        }
        if crate::config::is_loopback(url) {
            return "start what should listen there (`aries-mcp sandbox`), or unset ARIES_API_URL".to_owned();
        }
        "check the network; behind a company's proxy set HTTPS_PROXY where the client starts aries-mcp"
            .to_owned()
    }
}

impl Unreached {
    /// What happened, in a few words.
    fn words(&self) -> String {
        let cause = match self {
            Self::NoClient(error) => return error.cause.clone(),
            Self::Failed(cause) => cause,
        };
        let text = clean(&cause.text, 160);
        match cause.kind {
            CauseKind::TimedOut => format!("no answer within {} seconds", PATIENCE.as_secs()),
            CauseKind::Certificate => format!("the TLS certificate is not accepted: {text}"),
            CauseKind::Name => format!("the name cannot be resolved: {text}"),
            CauseKind::Other => format!("no connection: {text}"),
        }
    }
}

fn clock(ahead: Option<SignedDuration>) -> Check {
    const NAME: &str = "clock";
    let Some(ahead) = ahead else {
        return Check::not_checked(NAME, "the API did not tell the time");
    };
    let seconds = ahead.abs().as_secs();
    let direction = if ahead.is_negative() { "ahead of" } else { "behind" };
    let meaning = format!("this computer is {seconds} s {direction} Aries");
    let next = "set the clock of this computer to automatic";
    match ahead.abs() {
        off if off > WRONG => {
            Check::problem(NAME, format!("{meaning}; tokens seem to end too early or too late"), next)
        }
        off if off > ODD => Check::warning(NAME, meaning, next),
        _ => Check::ok(NAME, "agrees with Aries to within a few seconds"),
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
        assert!(wrong.meaning.starts_with("this computer is 600 s ahead of Aries"), "{wrong:?}");
    }

    #[test]
    fn a_proxy_is_named_without_its_password() {
        let env: Environment = [("HTTPS_PROXY", "http://ann:pw@proxy.example:3128")].into();
        let url = Url::parse("https://api.aries.com").unwrap();
        assert_eq!(proxy(&env, &url).unwrap(), "proxy.example:3128 (HTTPS_PROXY)");
    }
}
