"""Python SDK 1.x: python_1x.py COMMAND [ARG...]."""

import asyncio
import json
import sys
from datetime import timedelta

from mcp import ClientSession, StdioServerParameters, stdio_client


async def main(command: str, *args: str) -> None:
    server = StdioServerParameters(command=command, args=list(args))
    async with stdio_client(server) as pipes:
        async with ClientSession(*pipes, read_timeout_seconds=timedelta(seconds=20)) as session:
            opened = await session.initialize()
            tools = await session.list_tools()
            answer = await session.call_tool("get_portfolio", {})
            print(json.dumps({
                "protocol": opened.protocolVersion,
                "tools": [tool.name for tool in tools.tools],
                "is_error": bool(answer.isError),
                "text": answer.content[0].text,
            }))


asyncio.run(main(*sys.argv[1:]))
