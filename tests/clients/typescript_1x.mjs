// TypeScript SDK 1.x: typescript_1x.mjs COMMAND [ARG...].
import { createRequire } from "node:module";

// An import would look for the package beside this file; it is where CI put it.
const require = createRequire(`${process.env.ARIES_TEST_NODE_MODULES}/`);
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StdioClientTransport } = require("@modelcontextprotocol/sdk/client/stdio.js");

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: "aries-test", version: "1" });
const transport = new StdioClientTransport({ command, args });
// The client hands the agreed version to its transport and keeps no copy.
let protocol;
transport.setProtocolVersion = (version) => { protocol = version; };
await client.connect(transport);
const { tools } = await client.listTools();
const answer = await client.callTool({ name: "get_portfolio", arguments: {} });
console.log(JSON.stringify({
  protocol,
  tools: tools.map((tool) => tool.name),
  is_error: Boolean(answer.isError),
  text: answer.content[0].text,
}));
await client.close();
