"""Listens to the sandbox's sockets with the client of Aries' SDK.

use_sockets.py BINARY: prints what came as JSON: {"quote", "chart", "snapshot", "order", "expirations"}.
"""

import json
import sys
from typing import Any, Callable

from finance_dev import FinanceDev
from finance_dev.websocket.models import (
    AccountEvent,
    AccountSnapshot,
    MarketEvent,
    MarketSubscription,
    QuoteData,
    TradeData,
    TradingViewQuote,
)
from arguments import ACCOUNT, ORDER
from sandbox import Sandbox


def event(stream: Any, fits: Callable[[dict], bool]) -> dict:
    """The payload of the next event that fits."""
    return next(one["payload"] for one in stream if fits(one["payload"]))


def market(sdk: FinanceDev, url: str, sandbox: Sandbox) -> dict[str, Any]:
    contract = sandbox.contracts("MSFT")[0]
    with sdk.websocket.market.connect(url=f"{url}/v1/market/ws") as stream:
        status = event(stream, lambda one: one.get("type") == "marketStatus")
        stream.subscribe([
            MarketSubscription(symbol="AAPL", quote_fields="*", trade_fields="*"),
            MarketSubscription(symbol=contract, symbol_type="option", greeks_fields="*"),
        ])
        quote = MarketEvent(**event(stream, lambda one: one.get("type") == "quote"))
        trade = MarketEvent(**event(stream, lambda one: one.get("type") == "trade"))
        greeks = event(stream, lambda one: one.get("type") == "greeks")
        expirations = stream.get_option_expiry_dates("MSFT")["payload"]
        return {
            "status": status["data"]["market"],
            "symbol": quote.symbol,
            "ask": QuoteData(**quote.data).ask_price,
            "last": TradeData(**trade.data).last_price,
            "delta": greeks["data"]["delta"],
            "expirations": expirations,
        }


def chart(sdk: FinanceDev, url: str) -> dict[str, Any]:
    with sdk.websocket.chart.connect(url=f"{url}/v1/charts/ws") as stream:
        stream.subscribe("AAPL")
        quote = TradingViewQuote(**event(stream, lambda one: "n" in one["data"])["data"])
        return {"symbol": quote.name, "last": quote.values.last_price}


def account(sdk: FinanceDev, url: str) -> dict[str, Any]:
    with sdk.websocket.account.connect(url=f"{url}/v1/accounts/ws") as stream:
        snapshot = AccountSnapshot(**stream.subscribe_account(ACCOUNT)["payload"])
        stream.subscribe_pnl(ACCOUNT, "2026-11-27T14:30:00Z")
        stream.subscribe_watchlist()
        stream.subscribe_news(symbols=["AAPL"])
        placed = sdk.orders.place_order(request=ORDER).ord_response
        told = AccountEvent(**event(stream, lambda one: one.get("name") == "account.order"))
        stream.unsubscribe_account(ACCOUNT)
        return {
            "positions": len(snapshot.positions),
            "balance": snapshot.account["balance"],
            "placed": placed.cl_ord_id,
            "told": told.data["clOrdId"],
        }


def main(binary: str) -> None:
    with Sandbox(binary) as sandbox:
        sdk = sandbox.sdk()
        url = sandbox.url.replace("http://", "ws://")
        print(json.dumps({"market": market(sdk, url, sandbox), "chart": chart(sdk, url), "account": account(sdk, url)}))


main(*sys.argv[1:])
