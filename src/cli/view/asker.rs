//! The one question of a page, asked of the one tool that it draws.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::aries::socket::Streams;
use crate::auth::session::Session;
use crate::cli::output::say;
use crate::cli::sender;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::server;
use crate::told::Reader;
use crate::tools::schema::Object;
use crate::tools::{Call, Tool};

/// A browser that opens the page later than this after the first answer gets a new one.
const FRESH: Duration = Duration::from_secs(20);

/// Asks the one tool of a page for the person at it.
pub(super) struct Asker {
    pub(super) tool: &'static Tool,
    /// What the command line asked.
    pub(super) first: Object,
    pub(super) settings: Settings,
    pub(super) session: Arc<Session>,
    /// The answer to what the command line asked, until the page has it.
    pub(super) checked: Mutex<Option<(Instant, Value)>>,
}

impl Asker {
    /// Answers with the result as a client of MCP gets it, and the arguments that it is about.
    pub(super) async fn ask(&self, given: Object) -> Value {
        if let (true, Some(answer)) = (given.is_empty(), self.checked()) {
            return answer;
        }
        let arguments = if given.is_empty() { self.first.clone() } else { given };
        let (result, _) = server::run(self.tool, self.call(), arguments.clone(), Reader::Person).await;
        json!({ "input": arguments, "result": result })
    }

    /// Takes the answer of [`Asker::check`] if it is fresh: the first page needs no second one.
    fn checked(&self) -> Option<Value> {
        let (at, answer) = self.checked.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        (at.elapsed() < FRESH).then_some(answer)
    }

    /// Fails where the first answer does: a page that could only show that would help nobody.
    pub(super) async fn check(&self) -> Result<()> {
        let (result, failed) = server::run(self.tool, self.call(), self.first.clone(), Reader::Person).await;
        let Some(kind) = failed else {
            let answer = json!({ "input": self.first, "result": result });
            *self.checked.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), answer));
            return Ok(());
        };
        result.content.iter().filter_map(|block| block.as_text()).for_each(|text| say!("{}", text.text));
        Err(Error::new(kind, "", ""))
    }

    fn call(&self) -> Call {
        let aries = sender(&self.settings, &self.session);
        let streams = Streams::new(&aries, self.settings.timing);
        Call::reading(aries, streams)
    }
}
