"""Asks the sandbox with every method of Aries' SDK and compares each answer with the SDK's models.

parse_answers.py BINARY: prints {"passed": N, "of": M, "failures": {call: [what]}} as JSON.
"""

import json
import sys
from typing import Any

from arguments import AFTERWARDS, Said, arguments, list_option
from calls import Call, all_calls
from sandbox import Sandbox
from shapes import differences

# Methods that are not asked, by the beginning of their path.
LEFT_OUT = {
    "/v1/predictions/orders": "a closed beta, which the program does not offer",
}

# Members that the sandbox sends although the SDK's models do not have them.
# Aries' page `api-reference/analytics/equity-top-losers` shows these:
MOVER = {"[].description", "[].tag"}
BEYOND_THE_MODELS = {
    "GET /v1/equity/sector-tickers": MOVER,
    "GET /v1/equity/top-gainers": MOVER,
    "GET /v1/equity/top-losers": MOVER,
    "GET /v1/equity/top-most-active": MOVER,
    # The names of the series are examples; there are many more.
    "GET /v1/company/metrics": {".series.annual.eps"},
    # A report has three statements; the model knows the one of its example.
    "GET /v1/financials/reported": {".data.data[].report.ic", ".data.data[].report.cf"},
}


def main(binary: str) -> None:
    with Sandbox(binary) as sandbox:
        list_option(sandbox.contracts("AAPL")[0])
        calls = [call for call in all_calls(sandbox.sdk()) if not any(call.path.startswith(one) for one in LEFT_OUT)]
        later = list(AFTERWARDS)
        calls.sort(key=lambda call: later.index(call.title) if call.title in later else -1)
        said: Said = {}
        failures = {call.title: found for call in calls if (found := judge(call, said))}
        print(json.dumps({"passed": len(calls) - len(failures), "of": len(calls), "failures": failures}))


def judge(call: Call, said: Said) -> list[str]:
    """What is wrong with the answer to a call; the answer is added to those before it."""
    try:
        answer = call.function(**arguments(call, said))
    except Exception as error:  # The SDK's errors have no class in common, and an earlier answer may be missing.
        return [f"{type(error).__name__}: {error}"[:600]]
    response = answer.http_meta.response
    if "json" not in response.headers["content-type"]:
        return []
    said[call.title] = response.json()
    expected = BEYOND_THE_MODELS.get(call.title, set())
    found = differences(response.json(), body_kind(answer))
    return [one for one in dict.fromkeys(found) if one not in {f"{member}: not known" for member in expected}]


def body_kind(answer: Any) -> Any:
    """The model of an answer's body."""
    fields = [field for name, field in type(answer).model_fields.items() if name not in ("http_meta", "next", "headers")]
    (field,) = fields
    return field.annotation


main(*sys.argv[1:])
