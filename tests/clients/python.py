"""Python SDK 2.x: python.py MODE COMMAND [ARG...]; MODE is auto or legacy."""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters


async def main(mode: str, command: str, *args: str) -> None:
    server = StdioServerParameters(command=command, args=list(args))
    async with Client(server, mode=mode, read_timeout_seconds=20) as client:
        tools = await client.list_tools()
        answer = await client.call_tool("get_portfolio", {})
        print(json.dumps({
            "protocol": client.protocol_version,
            "tools": [tool.name for tool in tools.tools],
            "is_error": bool(answer.is_error),
            "text": answer.content[0].text,
        }))


asyncio.run(main(*sys.argv[1:]))
