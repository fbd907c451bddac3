"""The MCP server of a binary, as a client without any library speaks to it."""

import json
import os
import subprocess
import tempfile
from typing import Any

from sandbox import Sandbox

class Program:
    """Serves every tool against a sandbox; ends on leaving the `with` block."""

    def __init__(self, binary: str, sandbox: Sandbox) -> None:
        self.binary = binary
        self.home = tempfile.TemporaryDirectory()
        granted = sandbox.grant()
        # The program refuses to be given this one.
        scopes = [scope for scope in granted["scope"].split() if scope != "user:management"]
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.home.name,
            "ARIES_CONFIG_DIR": f"{self.home.name}/config",
            "ARIES_STATE_DIR": f"{self.home.name}/state",
            "ARIES_API_URL": sandbox.url,
            "ARIES_ACCESS_TOKEN": granted["access_token"],
            "ARIES_SCOPES": " ".join(scopes),
        }
        self.process = subprocess.Popen(
            [binary, "serve", "--toolsets", "all"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.last_id = 0
        client = {"name": "test", "version": "1"}
        self.request("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client})
        self.send({"method": "notifications/initialized"})

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.home.cleanup()

    def rows(self) -> list[dict]:
        """The endpoints that the tools use, each with a call that asks it."""
        command = [self.binary, "tools", "--endpoints", "--json"]
        return json.loads(subprocess.run(command, env=self.environment, capture_output=True, check=True).stdout)

    def call(self, tool: str, args: dict[str, Any]) -> dict[str, Any]:
        return self.request("tools/call", {"name": tool, "arguments": args})

    def request(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.last_id and "method" not in answer:
                if "error" in answer:
                    raise RuntimeError(f"{method} {params}: {answer['error']}")
                return answer["result"]
        raise RuntimeError(f"{method}: the server ended")

    def send(self, message: dict[str, Any]) -> None:
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()
