"""Compares the requests that the program makes with those that Aries' SDK makes for the same questions.

compare_requests.py BINARY: prints {"compared": N, "not_in_sdk": [row], "differences": {request: [what]}} as JSON. Every
row's example is called, and orders are previewed, placed, replaced and canceled. What the program asked is then asked
again through the SDK, with the values of the program's request; a name or a value that the SDK does not know is lost
on that way, and so shows.
"""

import json
import sys
from typing import Any, Iterator
from urllib.parse import parse_qsl, unquote

from calls import Call, all_calls, fits, recording
from program import Program
from sandbox import Sandbox
from shapes import differences

# Parameters in which the program differs on purpose: (path, name), with the reason.
REASONS: dict[tuple[str, str], str] = {}

ACCOUNT = "0017"


def main(binary: str) -> None:
    sdk, seen = recording()
    calls = all_calls(sdk)
    with Sandbox(binary) as sandbox, Program(binary, sandbox) as program:
        rows = program.rows()
        asked = [entry for row in rows for entry in example(binary, sandbox, program, row)]
        traded, refusals = orders(binary, sandbox)
    found: dict[str, list[str]] = {"orders": refusals} if refusals else {}
    asked += traded
    compared = set()
    for entry in asked:
        call = next((call for call in calls if fits(vars(call), entry)), None)
        if call is None:
            continue
        compared.add((call.method, call.path))
        for difference in dict.fromkeys(compare(entry, call, seen)):
            found.setdefault(call.title, []).append(difference)
    paths = {(call.method, call.path) for call in calls}
    for row in rows:
        where = (row["method"], row["path"])
        if where in paths and where not in compared:
            found.setdefault(" ".join(where), []).append(f"not asked by {row['tool']} {json.dumps(row['args'])}")
        if where[0] != "WSS" and (where in paths) != (row["source"] == "sdk"):
            found.setdefault(" ".join(where), []).append(f"its source is not {row['source']}")
    report = {
        "compared": len(compared),
        "not_in_sdk": [f"{row['method']} {row['path']}" for row in rows if (row["method"], row["path"]) not in paths],
        "differences": {name: list(dict.fromkeys(what)) for name, what in found.items()},
    }
    print(json.dumps(report))


def example(binary: str, sandbox: Sandbox, program: Program, row: dict) -> list[dict]:
    """The requests that a row's example makes; orders have a scene of their own."""
    if row["path"].startswith("/v1/orders") or row["method"] == "WSS":
        return []
    program.call(row["tool"], row["args"])
    asked = take(sandbox)
    if row["source"] == "sdk" and not any(fits(row, entry) for entry in asked):
        asked += after_refusals(binary, sandbox, row)
    return asked


def after_refusals(binary: str, sandbox: Sandbox, row: dict) -> list[dict]:
    """Some rows are asked only where Aries refuses others: what was asked last is refused too until the row's turn comes.
    The process that learns of these refusals ends with them."""
    asked: list[dict] = []
    refused: list[str] = []
    with Program(binary, sandbox) as program:
        while True:
            program.call(row["tool"], row["args"])
            entries = take(sandbox)
            asked += entries
            answered = [entry["path"] for entry in entries if entry["path"] not in refused]
            if not answered or any(fits(row, entry) for entry in entries):
                sandbox.clear_faults()
                return asked
            refused.append(answered[-1])
            sandbox.control("faults", {"path": answered[-1], "fault": "status", "status": 403, "times": 100})


def take(sandbox: Sandbox) -> list[dict]:
    return [entry for entry in sandbox.take_log() if "/oauth2/" not in entry["path"]]


def orders(binary: str, sandbox: Sandbox) -> tuple[list[dict], list[str]]:
    """The requests for orders of shares, of an option and of a spread, each previewed, placed, replaced and canceled;
    and what was refused."""
    contracts = sandbox.contracts("MSFT")[:2]
    for contract, price in zip(contracts, ("5.00", "3.00")):
        sandbox.control("price", {"symbol": contract, "price": price})
    refusals = []
    for order, new_limit in terms(contracts):
        # A process keeps Aries' limit of 50 trading calls a minute, so each order has a process of its own.
        with Program(binary, sandbox) as program:
            try:
                first = placed(program, order)
                second = placed(program, {"account": ACCOUNT, "replaces": first, "limit_price": new_limit})
                structured(program.call("cancel_order", {"account": ACCOUNT, "order": second}))
            except RuntimeError as refusal:
                refusals.append(f"{json.dumps(order)}: {refusal}")
    return take(sandbox), refusals


def terms(contracts: list[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """Orders that rest, each with another limit price that rests."""
    order = {"account": ACCOUNT, "type": "limit", "quantity": "1"}
    shares = {**order, "symbol": "MSFT", "action": "buy"}
    legs = [{"contract": one, "action": action} for one, action in zip(contracts, ("buy_to_open", "sell_to_open"))]
    yield {**shares, "limit_price": "400.00"}, "395.00"
    yield {**shares, "type": "stop_limit", "stop_price": "440.00", "limit_price": "445.00", "time_in_force": "gtc"}, "446.00"
    yield {**order, "symbol": contracts[0], "action": "buy_to_open", "limit_price": "0.50"}, "0.45"
    yield {**shares, "limit_price": "0.50", "legs": legs}, "0.45"


def placed(program: Program, order: dict[str, Any]) -> str:
    """The id of an order that was previewed and placed."""
    ticket = structured(program.call("preview_order", order))["ticket"]
    answer = program.call("place_order", {"ticket": ticket})
    if "order_id" not in structured(answer):
        raise RuntimeError(answer["content"][0]["text"])
    return answer["structuredContent"]["order_id"]


def structured(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("isError"):
        raise RuntimeError(answer["content"][0]["text"])
    return answer["structuredContent"]


def compare(entry: dict, call: Call, seen: list) -> Iterator[str]:
    """What the SDK sends differently for the same question."""
    asked = dict(parse_qsl(entry["query"], keep_blank_values=True))
    yield from (f"{name}={value}: no such parameter" for name, value in asked.items() if call.field(name) is None)
    ours = {name: value for name, value in asked.items() if call.field(name) is not None}
    for name, value in ours.items():
        yield from unknown_words(value, call, call.field(name))
    values: dict[str, Any] = {**ours, **call.path_values(unquote(entry["path"]))}
    values = {call.argument(call.field(name)): value for name, value in values.items()}
    body = entry["body"]
    if body is not None:
        values |= {call.body_field: body} if call.body_field else {call.field(name) or name: one for name, one in body.items()}
    seen.clear()
    try:
        call.function(**values)
    except Exception as error:  # An answer of {} may not be what the SDK expects; only the request counts.
        if not seen:
            yield f"the SDK refuses it: {error}"[:400]
            return
    request = seen[0]
    theirs = dict(request.url.params)
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name) and not is_default(call, name, ours, theirs) and (call.path, name) not in REASONS:
            yield f"{name}: {ours.get(name)} here, {theirs.get(name)} there"
    if request.url.path != unquote(entry["path"]):
        yield f"path: {entry['path']} here, {request.url.raw_path} there"
    content = json.loads(request.content) if request.content else None
    if content != body:
        yield f"body: {json.dumps(body)} here, {json.dumps(content)} there"


def unknown_words(value: str, call: Call, field: str) -> Iterator[str]:
    """A word that is none of its enumeration. The SDK would send it all the same; other types are its own to convert."""
    kind = call.model.model_fields[field].annotation
    yield from (one for one in differences(value, kind, field) if " is none of " in one)


def is_default(call: Call, name: str, ours: dict, theirs: dict) -> bool:
    """The SDK writes defaults out that the program leaves to Aries."""
    if name in ours:
        return False
    default = call.model.model_fields[call.field(name)].default
    default = getattr(default, "value", default)
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return default is not None and theirs[name] == text


main(*sys.argv[1:])
