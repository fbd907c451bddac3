"""What the methods of Aries' SDK are asked with, by the SDK's own argument names."""

import inspect
from typing import Any, Callable

from calls import Call

ACCOUNT = "SIM8820017"

# Required arguments that have the same value everywhere.
VALUES: dict[str, Any] = {
    "id": ACCOUNT,
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
    "start_time": "11/20/2026 10:00 am",
    "end_time": "11/20/2026 11:00 am",
    "metric": "all",
    "statement": "ic",
    "sector": "TECHNOLOGY",
    "indicator": "sma",
    "theme": "financialExchangesData",
    "search_keys": "AAPL",
    "fields": "logo_light,logo_dark,mark_light,mark_dark",
    "period": 1,
}

SECONDS = {"from_": 1762000000, "to": 1763600000}
ETF = {"symbol": "SPY"}
ONE = {"ticker": "AAPL"}
COMPANY = {"symbol": "AAPL"}
CLAUSE = {"field": "marketcap", "operator": "gt", "value": "1000000000"}

# Arguments of single calls: those that differ, and optional ones that a question without them makes no sense.
AT: dict[str, dict[str, Any]] = {
    "/v1/calendars/economics": {"from_": "2026-11-16", "to": "2026-11-20"},
    "/v1/calendars/historical/{symbol}": {"symbol": "IJCUSA"},
    "/v1/chart/history": SECONDS,
    "/v1/chart/tick-history": {"resolution": "100T"},
    "/v1/company/profile": COMPANY,
    "/v1/corporate-actions/dividends": ONE,
    "/v1/corporate-actions/spinoffs": {"identifier": "AAPL", "identifier_type": "Symbol"},
    "/v1/corporate-actions/tender-offers": {"identifier": "AAPL", "identifier_type": "Symbol"},
    "/v1/etb/search": {"symbols": ["AAPL", "MSFT"]},
    "/v1/etf/country": ETF,
    "/v1/etf/holdings": ETF,
    "/v1/etf/profile": ETF,
    "/v1/etf/sector": ETF,
    "/v1/filings/sec": COMPANY,
    "/v1/filings/similarity-index": COMPANY,
    "/v1/financials/cash-flow-statements": {"tickers": "AAPL"},
    "/v1/financials/income-statements": {"tickers": "AAPL"},
    "/v1/financials/ratios": ONE,
    "/v1/financials/reported": COMPANY,
    "/v1/financials/revenue-breakdown": COMPANY,
    "/v1/financials/short-interest": ONE,
    "/v1/financials/short-volume": ONE,
    "/v1/indicator": SECONDS,
    "/v1/news": {"symbols": "AAPL"},
    "/v1/stock/earnings-call-live": COMPANY,
    "/v1/stock/ebit-estimate": {"freq": "annual"},
    "/v1/stock/ebitda-estimate": {"freq": "annual"},
    "/v1/stock/eps-estimate": {"freq": "annual"},
    "/v1/stock/revenue-estimate": {"freq": "annual"},
    "/v1/stock/screener": {"stock_screener_request": {"operator": "AND", "clauses": [CLAUSE]}},
    "/v1/stock/split": ONE,
    "/v1/stock/upgrade-downgrade": COMPANY,
    "/v1/stocks/snapshot": {"tickers": "AAPL,MSFT"},
    "/v1/stocks/unified-snapshot": {"tickers_any_of": "AAPL,MSFT"},
    "/v2/accounts/{id}/orders/history": {"from_": "2026-10-01T00:00:00-04:00"},
}

ORDER = {
    "tradingAccountId": ACCOUNT,
    "symbol": "MSFT",
    "side": "BUY",
    "type": "LIMIT",
    "qty": "1",
    "price": "400.00",
    "timeInForce": "DAY",
}
LISTS = "/v1/config/watchlist"
ONE_LIST = LISTS + "/{watchlist_id}"

Said = dict[str, Any]


def event(said: Said) -> dict[str, Any]:
    return said["GET /v1/predictions/search"]["data"]["hits"][0]


# Calls that need something out of earlier answers, in this order after all others.
AFTERWARDS: dict[str, Callable[[Said], dict[str, Any]]] = {
    "GET /v1/news/{id}": lambda said: {"id": str(said["GET /v1/news"]["news"][0]["id"]), "news_type": "news"},
    "GET /v1/stock/transcripts": lambda said: {"id": said["GET /v1/stock/transcripts/list"]["transcripts"][0]["id"]},
    "GET /v1/predictions/base-events/{baseEventId}": lambda said: {"base_event_id": event(said)["baseEventId"]},
    "GET /v1/predictions/events/{eventId}/contracts": lambda said: {"event_id": event(said)["eventId"]},
    "GET /v1/predictions/historical-data": lambda said: {"symbol": event(said)["symbol"]},
    "POST /v1/predictions/historical-data/batch": lambda said: {"queries": [{"symbol": event(said)["symbol"]}]},
    f"POST {LISTS}": lambda _: {"name": "Test", "symbols": ["AAPL"]},
    f"GET {ONE_LIST}": lambda said: {"watchlist_id": said[f"POST {LISTS}"]["id"]},
    f"PATCH {ONE_LIST}": lambda said: {
        "watchlist_id": said[f"POST {LISTS}"]["id"],
        "update_watchlist_request": {"add_symbols": ["MSFT"], "remove_symbols": ["AAPL"]},
    },
    f"DELETE {ONE_LIST}": lambda said: {"watchlist_id": said[f"POST {LISTS}"]["id"]},
    f"PUT {LISTS}": lambda _: {"request": [{"name": "Test", "symbols": ["AAPL", "MSFT"]}]},
    "POST /v1/orders/preview": lambda _: {"request": ORDER},
    "POST /v1/orders": lambda _: {"request": ORDER},
    "POST /v1/orders/replace": lambda said: {
        "request": {**ORDER, "price": "395.00", "origClOrdId": said["POST /v1/orders"]["clOrdId"]}
    },
    "POST /v1/orders/cancel": lambda said: {
        "request": {
            "tradingAccountId": ACCOUNT,
            "symbol": "MSFT",
            "side": "BUY",
            "origClOrdId": said["POST /v1/orders/replace"]["clOrdId"],
        }
    },
}


def list_option(osi: str) -> None:
    """Asks about this option in what follows: which ones are listed changes with the days."""
    VALUES["expiry_date"] = f"20{osi[-15:-13]}-{osi[-13:-11]}-{osi[-11:-9]}"
    VALUES["option_contract"] = f"O:{osi}"
    AT["/v1/marketdata/options/details"] = {"symbols": osi}
    for path in ("last-trade", "open-close", "previous-day", "quotes", "trades"):
        AT[f"/v1/options/{path}"] = {"ticker": f"O:{osi}"}


def arguments(call: Call, said: Said) -> dict[str, Any]:
    if call.title in AFTERWARDS:
        return AFTERWARDS[call.title](said)
    values = dict(AT.get(call.path, {}))
    for name, parameter in inspect.signature(call.function).parameters.items():
        if parameter.default is parameter.empty and name not in values:
            values[name] = VALUES[name]
    return values
