//! One endpoint is one row: method, path, scopes, and how our argument names map to Aries' parameters.
//!
//! A row is data. [`Endpoint::request`] is the only place where a row and arguments become a [`Request`]; it is
//! pure, and finds everything that is wrong with an argument before anything is sent.

mod body;
mod condition;
mod paging;
mod param;
mod request;

pub(crate) use paging::{Cursor, LAST_INDEXES, Paging};
pub(crate) use param::{Param, ParamKind, fixed, optional, required};
pub(crate) use request::Request;

/// The methods Aries uses for the endpoints we call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    /// Carries an order; sent by `OrderSender` alone, and never sent again.
    Post,
    /// Asks a question that needs a body: it changes nothing, so the reader sends it, and again if need be.
    PostRead,
    Put,
    Patch,
    Delete,
    /// A socket, opened by the HTTP client.
    Socket,
}

impl Method {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post | Method::PostRead => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Socket => "WSS",
        }
    }
}

/// Who states an endpoint, and so how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Aries' own Python SDK, which is generated from the description of the API.
    Sdk,
    /// A page of Aries' documentation alone.
    Docs,
}

impl Source {
    /// As it stands in `tests/endpoints.csv` and in `tools --endpoints`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Source::Sdk => "sdk",
            Source::Docs => "docs",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// The path, with `{name}` where a parameter stands in it.
    pub(crate) path: &'static str,
    /// Scopes of which any one suffices; several where the documentation disagrees, none where it is silent.
    pub(crate) scopes: &'static [&'static str],
    pub(crate) source: Source,
    /// The parameters, in the order they are sent.
    pub(crate) params: &'static [Param],
    /// Where the rows are in the answer (a path of [`Json::get`](super::Json::get)); empty for the whole answer.
    /// Where the documentation knows several places they are separated by commas.
    pub(crate) rows: &'static str,
    pub(crate) paging: Paging,
    /// The member of each element that names its symbols. An element that names others than the asked one answers another
    /// question, as when a filter is ignored.
    pub(crate) about: Option<&'static str>,
    /// The path that this one replaces, asked on a 404.
    pub(crate) older: Option<&'static Endpoint>,
}

/// A read that the SDK states, without pages, of which the whole answer is meant.
pub(crate) const fn get(
    path: &'static str,
    scopes: &'static [&'static str],
    params: &'static [Param],
) -> Endpoint {
    endpoint(Method::Get, path, scopes, params)
}

pub(crate) const fn endpoint(
    method: Method,
    path: &'static str,
    scopes: &'static [&'static str],
    params: &'static [Param],
) -> Endpoint {
    let source = Source::Sdk;
    let paging = Paging { limit: None, cursor: Cursor::None };
    Endpoint { method, path, scopes, source, params, rows: "", paging, about: None, older: None }
}

impl Endpoint {
    /// Only a page of the documentation states it.
    pub(crate) const fn docs(self) -> Self {
        Self { source: Source::Docs, ..self }
    }

    pub(crate) const fn rows(self, rows: &'static str) -> Self {
        Self { rows, ..self }
    }

    /// The parameter `name` sets the number of rows, up to `most`.
    pub(crate) const fn limit(self, name: &'static str, most: usize) -> Self {
        Self { paging: Paging { limit: Some((name, most)), ..self.paging }, ..self }
    }

    pub(crate) const fn cursor(self, cursor: Cursor) -> Self {
        Self { paging: Paging { cursor, ..self.paging }, ..self }
    }

    pub(crate) const fn about(self, member: &'static str) -> Self {
        Self { about: Some(member), ..self }
    }

    /// On a 404 this row is asked instead, with the arguments that it knows.
    pub(crate) const fn older(self, older: &'static Endpoint) -> Self {
        Self { older: Some(older), ..self }
    }

    pub(crate) fn knows(&self, argument: &str) -> bool {
        self.params.iter().any(|param| param.name == argument)
    }

    pub(crate) fn scope_words(&self) -> String {
        if self.scopes.is_empty() {
            return "not documented".to_owned();
        }
        self.scopes.join(" or ")
    }
}
