//! One endpoint is one row: path, scopes, how our argument names map to Aries', and an example that reaches it.
//!
//! A row is data. [`Endpoint::request`] is the only place where a row and arguments become a [`Request`]; it is
//! pure, and everything that could be wrong with an argument is found there, before anything is sent.

mod param;
mod request;

pub(crate) use param::{Param, ParamKind, fixed, optional, required};
pub(crate) use request::Request;

use super::shape::Shape;

/// The methods Aries uses for the endpoints we call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Reads; may be repeated.
    Get,
    /// Carries an order; sent by `OrderSender` alone, and never repeated.
    Post,
    /// Replaces; sent once.
    Put,
    /// Removes; sent once.
    Delete,
    /// A socket, opened for one question.
    Socket,
}

impl Method {
    /// As it stands in a request line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
            Method::Socket => "WSS",
        }
    }
}

/// How sure the documentation is (`aries-api/endpoints.csv`, column *confidence*).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sure {
    /// Method, path, parameters and answer were read on the endpoint's own page.
    Documented,
    /// The path is known, but something of the rest is not.
    Partly,
    /// The path is a guess: a 404 says so.
    Inferred,
}

/// One endpoint of Aries.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// The tool that owns this row.
    pub(crate) tool: &'static str,
    /// The name of this row among the rows of its tool.
    pub(crate) view: &'static str,
    /// What it answers, in a few words.
    pub(crate) title: &'static str,
    /// The method.
    pub(crate) method: Method,
    /// The path with `{name}` for arguments that stand in it.
    pub(crate) path: &'static str,
    /// Scopes of which any one suffices; several where the documentation disagrees, none where it is silent.
    pub(crate) scopes: &'static [&'static str],
    /// How sure the documentation is.
    pub(crate) sure: Sure,
    /// The arguments, in the order they are sent.
    pub(crate) params: &'static [Param],
    /// Where the rows are in the answer (a path of [`Json::get`](super::Json::get)); empty for the whole answer.
    /// Where the documentation knows several places they are separated by commas.
    pub(crate) rows: &'static str,
    /// How the answer becomes a table.
    pub(crate) shape: Shape,
    /// Aries takes one day at a time: the argument that a range of days is spread over.
    pub(crate) each_day: Option<&'static str>,
    /// Example arguments of the tool that reach this endpoint, as JSON.
    pub(crate) example: &'static str,
}

impl Endpoint {
    /// What most rows have in common.
    pub(crate) const READ: Endpoint = Endpoint {
        tool: "",
        view: "",
        title: "",
        method: Method::Get,
        path: "",
        scopes: &[],
        sure: Sure::Documented,
        params: &[],
        rows: "",
        shape: Shape::NONE,
        each_day: None,
        example: "{}",
    };

    /// The scopes in words: `a or b`.
    pub(crate) fn scope_words(&self) -> String {
        if self.scopes.is_empty() {
            return "not documented".to_owned();
        }
        self.scopes.join(" or ")
    }
}
