"""Asks the sandbox with every method of Aries' SDK and compares each answer with the SDK's models.

parse_answers.py BINARY: prints {"passed": N, "of": M, "failures": {name: [what]}} as JSON.
"""

import inspect
import json
import sys
from typing import Any

from calls import Call, all_calls
from finance_dev import FinanceDev, models
from sandbox import CLIENT_ID, Sandbox
from shapes import differences

# What the sandbox does not have, with the reason.
LEFT_OUT = {
    "/v1/predictions/orders": "a closed beta, which the program does not offer",
}

# Values for required arguments by the SDK's name, and for single calls by path.
VALUES: dict[str, Any] = {
    "id": "SIM8820017",
    "symbol": "AAPL",
    "symbols": "AAPL,MSFT",
    "ticker": "AAPL",
    "underlying_asset": "AAPL",
    "query": "AAPL",
    "from_": "2026-09-01",
    "to": "2026-11-20",
    "date_": "2026-11-20",
    "start_date": "2026-09-01",
    "end_date": "2026-11-20",
    "identifier": "SPX.IND_CBOM",
    "identifiers": "SPX.IND_CBOM",
    "index_group": "IND_CBOM",
    "index_name": "500",
    "resolution": "D",
    "freq": "annual",
    "cik": "0000320193",
    "cusip": "037833100",
    "multiplier": 1,
    "timespan": "day",
    "start_time": "2026-11-20T15:00:00Z",
    "end_time": "2026-11-20T16:00:00Z",
    "metric": "all",
    "statement": "bs",
    "sector": "Technology",
    "indicator": "rsi",
    "theme": "financialExchangesData",
    "search_keys": "AAPL",
    "fields": "mark_light",
}
ETF = {"symbol": "SPY"}
AT: dict[str, dict[str, Any]] = {
    "/v1/chart/history": {"from_": 1762000000, "to": 1763600000},
    "/v1/chart/tick-history": {"resolution": "100T"},
    "/v1/indicator": {"from_": 1762000000, "to": 1763600000},
    "/v1/etb/search": {"symbols": ["AAPL", "MSFT"]},
    "/v1/corporate-actions/spinoffs": {"identifier": "AAPL", "identifier_type": "Symbol"},
    "/v1/corporate-actions/tender-offers": {"identifier": "AAPL", "identifier_type": "Symbol"},
    "/v1/stock/screener": {"stock_screener_request": {}},
    "/v1/etf/country": ETF,
    "/v1/etf/holdings": ETF,
    "/v1/etf/profile": ETF,
    "/v1/etf/sector": ETF,
    "/v1/stock/covid19/us": {},
}


def known(sandbox: Sandbox) -> None:
    """Looks up an option that is listed today."""
    osi = sandbox.contracts("AAPL")[0]
    VALUES["expiry_date"] = f"20{osi[-15:-13]}-{osi[-13:-11]}-{osi[-11:-9]}"
    VALUES["option_contract"] = f"O:{osi}"
    AT["/v1/marketdata/options/details"] = {"symbols": osi}
    for path in ("last-trade", "open-close", "previous-day", "quotes", "trades"):
        AT[f"/v1/options/{path}"] = {"ticker": f"O:{osi}"}


def arguments(call: Call) -> dict[str, Any]:
    """A value for every argument that the method requires, and those that its path lists."""
    values = dict(AT.get(call.path, {}))
    for name, parameter in inspect.signature(call.function).parameters.items():
        if parameter.default is parameter.empty and name not in values:
            values[name] = VALUES[name]
    return values


def answer_kind(answer: Any) -> Any:
    """The model of an answer's body."""
    fields = {name: field for name, field in type(answer).model_fields.items() if name not in ("http_meta", "next", "headers")}
    (field,) = fields.values()
    return field.annotation


def judge(call: Call, values: dict[str, Any]) -> list[str]:
    """What is wrong with the answer to a call."""
    try:
        answer = call.function(**values)
    except Exception as error:  # The SDK's errors have no class in common.
        return [f"{type(error).__name__}: {error}: {getattr(error, 'body', '')}"[:600]]
    response = answer.http_meta.response
    if "json" not in response.headers["content-type"]:
        return []
    found = differences(response.json(), answer_kind(answer))
    return list(dict.fromkeys(found))


def main(binary: str) -> None:
    with Sandbox(binary) as sandbox:
        security = models.Security(client_id=CLIENT_ID, client_secret="any", token_url=f"{sandbox.url}/v1/oauth2/token")
        sdk = FinanceDev(server_url=sandbox.url, security=security, retry_config=None)
        known(sandbox)
        calls = [call for call in all_calls(sdk) if not any(call.path.startswith(one) for one in LEFT_OUT)]
        failures = {}
        for call in calls:
            try:
                found = judge(call, arguments(call))
            except KeyError as error:
                found = [f"no value for {error}"]
            if found:
                failures[f"{call.method} {call.path}"] = found
        print(json.dumps({"passed": len(calls) - len(failures), "of": len(calls), "failures": failures}))


main(*sys.argv[1:])
