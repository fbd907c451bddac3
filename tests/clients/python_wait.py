"""Python SDK 2.x: python_wait.py CONTROL COMMAND [ARG...]: a wait as a task, one that is cancelled, one as a plain call."""

import asyncio
import json
import sys
import urllib.request
from typing import Any, Literal

from mcp import Client, StdioServerParameters
from mcp.client.extension import ClientExtension, ResultClaim
from mcp.types import CallToolResult, Request, Result

EXTENSION = "io.modelcontextprotocol/tasks"
SEEN: list[str] = []


class Task(Result):
    result_type: Literal["task"] = "task"
    task_id: str
    poll_interval_ms: float = 100


class TaskNow(Result):
    status: str
    result: dict[str, Any] | None = None


class Ask(Request[dict[str, Any], str]):
    name_param = "taskId"


def ask(method: str, task: Task) -> Ask:
    return Ask(method=method, params={"taskId": task.task_id})


async def finish(task: Task, context: Any) -> CallToolResult:
    """The price reaches the level once the task has been seen to work."""
    while True:
        now = await context.session.send_request(ask("tasks/get", task), TaskNow)
        SEEN.append(now.status)
        if now.status != "working":
            return CallToolResult.model_validate(now.result)
        if len(SEEN) == 1:
            set_price("305.00")


class Tasks(ClientExtension):
    identifier = EXTENSION

    def claims(self):
        return [ResultClaim(result_type="task", model=Task, resolve=finish)]


def set_price(price: str) -> None:
    body = json.dumps({"symbol": "AAPL", "price": price}).encode()
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{control}/sandbox/price", body, headers)).read()


async def as_tasks(server: StdioServerParameters) -> dict[str, Any]:
    async with Client(server, read_timeout_seconds=50, extensions=[Tasks()]) as client:
        happened = await client.call_tool("wait_for", {"symbol": "AAPL", "above": "300"})
        endless = await client.session.call_tool(
            "wait_for", {"symbol": "AAPL", "above": "3000"}, allow_claimed=True
        )
        await client.session.send_request(ask("tasks/cancel", endless), Result)
        while True:
            cancelled = await client.session.send_request(ask("tasks/get", endless), TaskNow)
            if cancelled.status != "working":
                break
        return {"statuses": SEEN, "happened": happened.content[0].text, "cancelled": cancelled.status}


async def as_calls(server: StdioServerParameters, mode: str) -> dict[str, Any]:
    told: list[str] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        told.append(message or "")

    async with Client(server, mode=mode, read_timeout_seconds=50) as client:
        wait = {"symbol": "AAPL", "above": "3000", "seconds": 6}
        waited = await client.call_tool("wait_for", wait, progress_callback=progress)
        try:
            async with asyncio.timeout(1):
                await client.call_tool("wait_for", {**wait, "seconds": 3600})
            stopped = False
        except TimeoutError:
            stopped = True
        after = await client.call_tool("get_quotes", {"symbols": ["AAPL"]})
        return {
            "protocol": client.protocol_version,
            "waited": waited.content[0].text,
            "progress": told,
            "stopped": stopped,
            "after": after.content[0].text,
        }


async def main(command: str, *args: str) -> None:
    set_price("270.00")
    server = StdioServerParameters(command=command, args=list(args))
    tasks = await as_tasks(server)
    calls = [await as_calls(server, mode) for mode in ("auto", "legacy")]
    print(json.dumps({**tasks, "calls": calls}))


control = sys.argv[1]
asyncio.run(main(*sys.argv[2:]))
