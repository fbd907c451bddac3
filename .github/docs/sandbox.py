"""A client of the program on the embedded Aries, for the scripts beside this file."""

import json
import subprocess


class Client:
    """Starts the program and speaks MCP with it over pipes."""

    def __init__(self, program, options=(), env=None, capabilities=None):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.server = subprocess.Popen([program, "serve", "--sandbox", *options], env=env, **pipes)
        self.number = 0
        version = {"protocolVersion": "2025-06-18", "capabilities": capabilities or {},
                   "clientInfo": {"name": "your assistant", "version": "1"}}
        self.request("initialize", version)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.kill()
        self.server.wait()

    def send(self, method, params):
        self.number += 1
        line = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}
        self.server.stdin.write(json.dumps(line) + "\n")
        self.server.stdin.flush()
        return self.number

    def receive(self, number):
        while True:
            message = json.loads(self.server.stdout.readline())
            if message.get("id") == number:
                return message["result"]

    def request(self, method, params):
        return self.receive(self.send(method, params))

    def call(self, tool, args):
        return self.request("tools/call", {"name": tool, "arguments": args})
