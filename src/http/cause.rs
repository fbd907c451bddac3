//! Why a connection failed, told apart as far as a person mends it in different ways.

/// What broke a connection or kept it from opening.
pub(crate) struct Cause {
    pub(crate) kind: CauseKind,
    /// The innermost error in the words of the library that met it; reqwest's own words would repeat the URL.
    pub(crate) text: String,
}

/// The causes that a person mends in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CauseKind {
    TimedOut,
    /// A proxy wants a name and a password, or others than it got (407).
    ProxyPassword,
    /// A proxy refuses to lead there.
    Proxy,
    /// A certificate of somebody who is not trusted, such as a firewall that opens TLS.
    UnknownIssuer,
    /// A certificate that is not valid now, most often because the clock of this machine is wrong.
    Clock,
    /// Any other fault of a certificate.
    Certificate,
    /// What answers does not speak TLS as it should: a page of the network, an old server, or the wrong port.
    Tls,
    Name,
    /// The host is there and nothing listens on the port.
    Refused,
    Other,
}

impl Cause {
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        let mut inner: &dyn std::error::Error = error;
        let mut words = String::new();
        while let Some(next) = inner.source() {
            inner = next;
            words = format!("{words} {inner}").to_lowercase();
        }
        let kind = if error.is_timeout() { CauseKind::TimedOut } else { CauseKind::of_words(&words) };
        Self { kind, text: plain(&inner.to_string()) }
    }
}

/// The words of the libraries, without what they print for programmers alone.
fn plain(text: &str) -> String {
    text.replace(
        "Other(OtherError(CaUsedAsEndEntity))",
        "a certificate that issues others stands in the place of the server's own",
    )
}

impl CauseKind {
    /// The libraries below tell these apart in words alone.
    fn of_words(words: &str) -> Self {
        let says = |any: &[&str]| any.iter().any(|one| words.contains(one));
        if says(&["proxy auth", "407"]) {
            Self::ProxyPassword
        } else if says(&["tunnel", "proxy", "socks"]) {
            Self::Proxy
        } else if says(&["expired", "not valid yet", "notvalidyet", "not yet valid"]) {
            Self::Clock
        } else if says(&[
            "unknownissuer",
            "unknown issuer",
            "unable to get local issuer",
            "self-signed",
            "self signed",
            "not trusted",
            "causedasendentity",
        ]) {
            Self::UnknownIssuer
        } else if says(&["certificate"]) {
            Self::Certificate
        } else if says(&[
            "corrupt message",
            "handshake eof",
            "fatal alert",
            "protocolversion",
            "handshake failure",
        ]) {
            Self::Tls
        } else if says(&["dns", "lookup"]) {
            Self::Name
        } else if says(&["refused"]) {
            Self::Refused
        } else {
            Self::Other
        }
    }

    /// What happened, in a few words; `None` where only the library knows more.
    pub(crate) fn words(self) -> Option<&'static str> {
        Some(match self {
            Self::TimedOut => "the time limit passed",
            Self::ProxyPassword => "the proxy wants a name and a password (407)",
            Self::Proxy => "the proxy does not lead there",
            Self::UnknownIssuer => "the TLS certificate is of an issuer that is not trusted here",
            Self::Clock => "the TLS certificate is not valid at this time",
            Self::Certificate => "the TLS certificate is not accepted",
            Self::Tls => "what answers there does not speak TLS as Aries does",
            Self::Name => "the name cannot be resolved",
            Self::Refused => "nothing listens there",
            Self::Other => return None,
        })
    }

    /// What a person does about it; `None` where the network itself has to be looked at.
    pub(crate) fn next_step(self) -> Option<&'static str> {
        Some(match self {
            Self::ProxyPassword => {
                "put the proxy's name and password into HTTPS_PROXY (http://NAME:PASSWORD@HOST:PORT)"
            }
            Self::Proxy => "check HTTPS_PROXY, or name Aries' host in NO_PROXY",
            Self::UnknownIssuer => {
                "if a company's firewall opens TLS, name its certificate file in SSL_CERT_FILE; else do not sign in from \
                 this network"
            }
            Self::Clock => {
                "set the clock of this computer to automatic; if it is right, Aries' certificate has ended"
            }
            Self::Certificate => "check ARIES_API_URL; if it is right, do not sign in from this network",
            Self::Tls => {
                "open any page in a browser, since the network may want a sign-in first; else check the proxy and the port \
                 in ARIES_API_URL"
            }
            Self::Name => "check the network, the VPN and the name in ARIES_API_URL",
            Self::Refused => "check ARIES_API_URL, and that no firewall stands in the way",
            Self::TimedOut | Self::Other => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_that_are_mended_in_different_ways_are_told_apart() {
        for (words, kind) in [
            ("client error (connect) tunnel error: proxy authorization required", CauseKind::ProxyPassword),
            ("tunnel error: unsuccessful", CauseKind::Proxy),
            ("invalid peer certificate: unknownissuer", CauseKind::UnknownIssuer),
            ("invalid peer certificate: certificate expired: verification time 1", CauseKind::Clock),
            ("invalid peer certificate: certificate not valid yet", CauseKind::Clock),
            (
                "invalid peer certificate: certificate not valid for name \"api.aries.com\"",
                CauseKind::Certificate,
            ),
            ("dns error: failed to lookup address information", CauseKind::Name),
            ("tcp connect error: connection refused (os error 111)", CauseKind::Refused),
            ("received fatal alert: protocolversion", CauseKind::Tls),
            ("received corrupt message of type invalidcontenttype", CauseKind::Tls),
            ("tls handshake eof", CauseKind::Tls),
            ("invalid peer certificate: other(othererror(causedasendentity))", CauseKind::UnknownIssuer),
            ("connection reset by peer", CauseKind::Other),
        ] {
            assert_eq!(CauseKind::of_words(words), kind, "{words}");
        }
    }
}
