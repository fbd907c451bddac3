"""A running `aries-mcp sandbox`, and its control calls."""

import os
import subprocess

import httpx
from finance_dev import FinanceDev, models

CLIENT = {"client_id": "sandbox-client", "client_secret": "any"}


class Sandbox:
    """Starts the sandbox of a binary without rate limits; ends it on leaving the `with` block."""

    def __init__(self, binary: str) -> None:
        # The variables of the tests are none of the program's, which refuses those that it does not know.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ARIES_")}
        command = [binary, "sandbox"]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        variables = dict(self.process.stdout.readline().removeprefix("export ").strip().split("=", 1) for _ in range(3))
        self.url = variables["ARIES_API_URL"]
        self.control("options", {"rate_limits": False})

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait()

    def sdk(self) -> FinanceDev:
        """Aries' SDK, which fetches a token with the scope of each call."""
        security = models.Security(**CLIENT, token_url=f"{self.url}/v1/oauth2/token")
        return FinanceDev(server_url=self.url, security=security, retry_config=None)

    def control(self, name: str, body: dict) -> dict:
        return httpx.post(f"{self.url}/sandbox/{name}", json=body).raise_for_status().json()

    def clear_faults(self) -> None:
        httpx.delete(f"{self.url}/sandbox/faults").raise_for_status()

    def take_log(self) -> list[dict]:
        """The requests since the last look, oldest first."""
        entries = httpx.get(f"{self.url}/sandbox/log").raise_for_status().json()
        httpx.delete(f"{self.url}/sandbox/log").raise_for_status()
        return entries

    def grant(self) -> dict:
        """An answer of the token endpoint that allows everything."""
        form = {"grant_type": "client_credentials", **CLIENT}
        return httpx.post(f"{self.url}/v1/oauth2/token", data=form).raise_for_status().json()

    def contracts(self, underlying: str) -> list[str]:
        """OSI symbols of listed options."""
        found = httpx.get(
            f"{self.url}/v1/marketdata/search",
            params={"query": f".{underlying}"},
            headers={"authorization": f"Bearer {self.grant()['access_token']}"},
        )
        return [one["symbol"] for one in found.raise_for_status().json()]
