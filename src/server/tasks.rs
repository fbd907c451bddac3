//! Waits as tasks, for clients that offer them (protocol 2026-07-28): the call ends at once with the name of a task, and
//! the client asks how it stands, or cancels it.

use futures_util::FutureExt;
use rmcp::RoleServer;
use rmcp::model::{CallToolResponse, CreateTaskResult};
use rmcp::service::RequestContext;
use rmcp::task_manager::{TaskExit, TaskManager, TaskOptions};

use super::elicitation::is_modern;
use super::outcome::{failure, outcome, success};
use crate::told::Reader;
use crate::tools::schema::Object;
use crate::tools::{Call, Progress, Tool};

/// Tasks that run at the same time; a further wait is a plain call.
const MOST: usize = 50;
/// How often a client may ask, in milliseconds.
const POLL: u64 = 1_000;

/// Whether this call may become a task. Some clients name tasks in the older protocol too, and then wait for none.
pub(super) fn are_offered(tasks: &TaskManager, context: &RequestContext<RoleServer>) -> bool {
    is_modern(context)
        && context.client_capabilities().is_some_and(|capabilities| capabilities.supports_tasks())
        && tasks.running_task_count() < MOST
}

/// Begins a wait, which ends with the cancellation of its task.
pub(super) fn begin(tasks: &TaskManager, tool: &'static Tool, call: Call, args: Object) -> CallToolResponse {
    let limit = u64::try_from(tool.limit(&args).as_millis()).unwrap_or(u64::MAX);
    let options = TaskOptions::new().with_ttl_ms(limit).with_poll_interval_ms(POLL);
    let task = tasks.spawn(options, |task| {
        async move {
            let teller = task.clone();
            let progress = Progress::to(move |_, _, what| {
                teller.set_status_message(what);
                async {}.boxed()
            });
            tokio::select! {
                outcome = outcome(tool, Call { progress, ..call }, args) => Ok(match outcome {
                    Ok(answer) => success(&answer, Reader::Model),
                    Err(error) => failure(&error, Reader::Model),
                }),
                () = task.cancelled() => Err(TaskExit::Cancelled),
            }
        }
        .boxed()
    });
    CallToolResponse::Task(CreateTaskResult::new(task))
}
