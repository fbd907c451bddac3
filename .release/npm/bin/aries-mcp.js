#!/usr/bin/env node
// Starts the program of this platform's package. It has our stdin itself, so that the end of input reaches it even if
// node is killed.
const { spawn } = require("node:child_process");
const program = process.platform === "win32" ? "aries-mcp.exe" : "aries-mcp";
let path;
try {
  path = require.resolve(`aries-mcp-${process.platform}-${process.arch}/${program}`);
} catch {
  console.error(`error: npm brought no aries-mcp for ${process.platform} ${process.arch}\nhint: install without --omit=optional; other ways are in the README`);
  process.exit(1);
}
const child = spawn(path, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => { console.error(`error: ${error.message}`); process.exit(1); });
child.on("exit", (code, signal) => signal ? process.kill(process.pid, signal) : process.exit(code));
