//! The addresses of Aries, and the rule that tokens travel over https or stay on this machine.

use url::{Host, Url};

use super::setting::{
    API_URL, AUTHORIZE_URL, DEFAULT_API, DEFAULT_REDIRECT_URI, STREAM_URL, Setting, TOKEN_URL,
};
use super::{Environment, ProfileFile};
use crate::clock;
use crate::environment::{Money, Plays};
use crate::error::{Error, Result};

#[derive(Debug, Clone)]
pub struct Urls {
    pub(crate) api: Url,
    pub(crate) authorize: Url,
    pub(crate) token: Url,
    /// Base of the sockets, which are opened by an HTTP request.
    pub(crate) stream: Url,
}

impl Urls {
    pub(super) fn resolve(env: &Environment, profile: &ProfileFile) -> Result<Self> {
        let pick = |setting: &Setting, profile: &ProfileFile| {
            let (name, value) = match (env.value(setting), profile.get(setting)) {
                (Some(value), _) => (setting.variable(), value),
                (None, Some(value)) => (setting.name.to_owned(), value),
                (None, None) => return Ok(None),
            };
            let is_stream = setting.name == STREAM_URL.name;
            let value = if is_stream { as_http(value) } else { value.to_owned() };
            checked_url(&name, &value).map(Some)
        };
        let api = pick(&API_URL, profile)?.map_or_else(|| checked_url("default", DEFAULT_API), Ok)?;
        // The other recorded addresses go with the recorded API; a variable that names another API leaves them behind.
        let profile = if is_recorded(&api, profile) { profile } else { &ProfileFile::default() };
        let authorize = pick(&AUTHORIZE_URL, profile)?;
        let token = pick(&TOKEN_URL, profile)?;
        let stream = pick(&STREAM_URL, profile)?;
        let on_loopback = is_loopback(&api);
        Ok(Self {
            authorize: match authorize {
                Some(url) => url,
                // An API on this machine is an embedded Aries, whose sign-in page is beside it.
                None if on_loopback => below(&api, "oauth2/authorize"),
                None => checked_url("default", AUTHORIZE_URL.default)?,
            },
            token: token.unwrap_or_else(|| below(&api, "v1/oauth2/token")),
            stream: stream.unwrap_or_else(|| api.clone()),
            api,
        })
    }

    /// Scheme, host and port of the API: what a token belongs to.
    pub(crate) fn api_origin(&self) -> String {
        origin(&self.api)
    }

    /// How earlier versions may have called the same origin: by the name that was written.
    pub(super) fn earlier_origins(&self) -> Vec<String> {
        let now = self.api_origin();
        let host = self.api.host_str().unwrap_or_default();
        let dotted = format!("{host}.");
        let hosts =
            if is_loopback(&self.api) { [host, "localhost", "[::1]"] } else { [host, &dotted, &dotted] };
        let mut origins: Vec<String> = hosts.map(|host| origin_of(&self.api, host)).into();
        origins.retain(|origin| *origin != now);
        origins.dedup();
        origins
    }

    /// Whether answers come from an embedded Aries: only that can be on this machine.
    pub(crate) fn on_this_machine(&self) -> bool {
        is_loopback(&self.api)
    }

    /// Whether this is a practice market that takes orders at any hour, as it does while its clock is not set.
    pub(crate) fn market_never_closes(&self) -> bool {
        self.on_this_machine() && !clock::is_set()
    }

    pub(crate) fn money(&self, plays: Plays) -> Money {
        match plays {
            _ if self.on_this_machine() => Money::Sandbox(plays),
            Plays::Live => Money::Live,
            Plays::Simulated => Money::Simulated,
        }
    }

    pub(crate) fn at(origin: &str) -> Result<Self> {
        let env: Environment = [("ARIES_API_URL", origin)].into();
        Self::resolve(&env, &ProfileFile::default())
    }

    pub(super) fn same_api(&self, profile: &ProfileFile) -> bool {
        is_recorded(&self.api, profile)
    }
}

fn is_recorded(api: &Url, profile: &ProfileFile) -> bool {
    let recorded = Url::parse(profile.get(&API_URL).unwrap_or(DEFAULT_API));
    recorded.is_ok_and(|recorded| origin(&recorded) == origin(api))
}

/// The one name of an origin, however its address is written: `localhost`, `[::1]` and `127.0.0.1` are this machine, and
/// a dot at the end of a host changes nothing. Case and default port are settled by [`Url`].
pub(crate) fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    origin_of(url, if is_loopback(url) { "127.0.0.1" } else { host.trim_end_matches('.') })
}

fn origin_of(url: &Url, host: &str) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}", url.scheme())
}

fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// A socket is opened by an HTTP request, so `wss` is another word for `https` here, and `ws` for `http`.
fn as_http(value: &str) -> String {
    match value.trim().split_once("://") {
        Some(("wss", rest)) => format!("https://{rest}"),
        Some(("ws", rest)) => format!("http://{rest}"),
        _ => value.to_owned(),
    }
}

/// Parses a URL and holds it to the rule: `https` anywhere, `http` to a loopback address.
pub(crate) fn checked_url(setting: &str, value: &str) -> Result<Url> {
    let hint =
        format!("set {setting} to an https:// address, or to http://127.0.0.1:PORT for an embedded Aries");
    checked(setting, value, hint)
}

fn checked(setting: &str, value: &str, hint: String) -> Result<Url> {
    let Ok(mut url) = Url::parse(value.trim()) else {
        return Err(Error::usage(format!("{setting} is not a URL"), hint));
    };
    // No certificate names a host with the dot at its end.
    if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
        url.set_host(Some(&host))
            .map_err(|_| Error::usage(format!("{setting} is not a URL"), hint.clone()))?;
    }
    // First of all, since what stands there may be a password.
    if !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err(Error::usage(
            format!("{setting}: user names, queries and fragments do not belong in it"),
            hint,
        ));
    }
    if (url.scheme() == "https" && url.has_host()) || (url.scheme() == "http" && is_loopback(&url)) {
        return Ok(url);
    }
    Err(Error::usage(format!("{setting}: {value} is neither https nor http to this machine"), hint))
}

/// The redirect URI is compared letter by letter by Aries, so it is kept as written and only checked.
pub(super) fn check_redirect_uri(value: &str) -> Result<()> {
    let hint = format!(
        "set ARIES_REDIRECT_URI to what is registered for the key in Client Center, or unset it and register \
         {DEFAULT_REDIRECT_URI}"
    );
    checked("ARIES_REDIRECT_URI", value, hint).map(|_| ())
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_sockets_has_two_spellings() {
        let stream = |value: &str| {
            let env: Environment = [("ARIES_STREAM_URL", value)].into();
            Urls::resolve(&env, &ProfileFile::default()).map(|urls| urls.stream.to_string())
        };
        assert_eq!(stream("wss://stream.example/base").unwrap(), "https://stream.example/base");
        assert_eq!(stream("https://stream.example/base").unwrap(), "https://stream.example/base");
        assert_eq!(stream("ws://127.0.0.1:9").unwrap(), "http://127.0.0.1:9/");
        assert!(stream("ws://stream.example").unwrap_err().cause.contains("ARIES_STREAM_URL"));
    }
}
