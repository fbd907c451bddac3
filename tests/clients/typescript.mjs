// TypeScript client 2.x: typescript.mjs MODE COMMAND [ARG...]; MODE is legacy or auto.
import { createRequire } from "node:module";

// An import would look for the packages beside this file; they are where CI put them.
const require = createRequire(`${process.env.ARIES_TEST_NODE_MODULES}/`);
const { Client } = require("@modelcontextprotocol/client");
const { StdioClientTransport } = require("@modelcontextprotocol/client/stdio");

const [mode, command, ...args] = process.argv.slice(2);
const client = new Client({ name: "aries-test", version: "1" }, { versionNegotiation: { mode } });
await client.connect(new StdioClientTransport({ command, args }));
const { tools } = await client.listTools();
const answer = await client.callTool({ name: "get_portfolio", arguments: {} });
console.log(JSON.stringify({
  protocol: client.getNegotiatedProtocolVersion(),
  tools: tools.map((tool) => tool.name),
  is_error: Boolean(answer.isError),
  text: answer.content[0].text,
}));
await client.close();
