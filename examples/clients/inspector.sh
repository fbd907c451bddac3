#!/bin/sh
# Lists the tools by MCP Inspector (node 22 or newer) on the embedded Aries: no account, no sign-in.
# Without "serve --sandbox" it asks the real account; without --cli and --method it opens Inspector's page.
npx @modelcontextprotocol/inspector@2.12.0 --cli --method tools/list -- aries-mcp serve --sandbox
