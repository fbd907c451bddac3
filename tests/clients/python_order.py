"""Python SDK 2.x: python_order.py MODE SECONDS ACTION COMMAND [ARG...]: a live order, approved by elicitation."""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters
from mcp.types import ElicitResult

ORDER = {"account": "1002", "symbol": "MSFT", "action": "buy", "quantity": "10", "type": "limit", "limit_price": "400.00"}


async def main(mode: str, seconds: str, action: str, command: str, *args: str) -> None:
    asked = []

    async def person(context, params):
        asked.append(params.message)
        await asyncio.sleep(float(seconds))
        return ElicitResult(action=action, content={} if action == "accept" else None)

    server = StdioServerParameters(command=command, args=list(args))
    async with Client(server, mode=mode, read_timeout_seconds=50, elicitation_callback=person) as client:
        preview = await client.call_tool("preview_order", ORDER)
        ticket = preview.structured_content["ticket"]
        placed = await client.call_tool("place_order", {"ticket": ticket})
        again = await client.call_tool("place_order", {"ticket": ticket})
        orders = await client.call_tool("get_orders", {"account": "1002", "symbol": "MSFT"})
        print(json.dumps({
            "protocol": client.protocol_version,
            "asked": asked,
            "placed": placed.content[0].text,
            "state": (placed.structured_content or {}).get("state"),
            "again": again.content[0].text,
            "orders": orders.content[0].text,
        }))


asyncio.run(main(*sys.argv[1:]))
