"""What Aries' SDK can call, read from the SDK itself: one `Call` for each of its methods."""

import inspect
import re
from dataclasses import dataclass
from typing import Any, Callable, Iterator

import httpx
from finance_dev import FinanceDev, models
from finance_dev.basesdk import BaseSDK


@dataclass
class Call:
    name: str
    function: Callable
    method: str
    path: str
    # The model that holds the parameters, if there are any; a body may have no such model.
    model: Any

    @property
    def title(self) -> str:
        return f"{self.method} {self.path}"

    def field(self, wire: str) -> str | None:
        """The SDK's name of a parameter, by its name in the request."""
        fields = self.model.model_fields if self.model else {}
        return next((name for name, field in fields.items() if (field.alias or name) == wire), None)

    def argument(self, field: str) -> str:
        """The SDK puts a line behind an argument that Python knows by the name of the field."""
        return field if field in inspect.signature(self.function).parameters else f"{field}_"

    def path_values(self, path: str) -> dict[str, str]:
        return dict(zip(re.findall(r"{(\w+)}", self.path), re.fullmatch(pattern(self.path), path).groups()))

    @property
    def body_field(self) -> str | None:
        """The argument that is the whole body, if the body's members are no arguments of their own."""
        names = list(inspect.signature(self.function).parameters)
        if "request" in names:
            return "request"
        fields = self.model.model_fields.items() if self.model else []
        return next((name for name, field in fields if any(getattr(one, "request", None) for one in field.metadata)), None)


def pattern(path: str) -> str:
    return re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(path))


def fits(call: dict, entry: dict) -> bool:
    """Whether a request is one of this call or row."""
    return call["method"] == entry["method"] and re.fullmatch(pattern(call["path"]), entry["path"]) is not None


def all_calls(sdk: FinanceDev) -> list[Call]:
    return sorted(_calls(sdk, ""), key=lambda call: (call.path, call.method))


def _calls(group: BaseSDK, name: str) -> Iterator[Call]:
    lazy = [one for one in getattr(group, "_sub_sdk_map", {}) if one != "websocket"]
    made = [one for one, value in vars(group).items() if isinstance(value, BaseSDK) and one != "parent_ref"]
    for one in lazy + [one for one in made if one not in lazy]:
        yield from _calls(getattr(group, one), f"{name}{one}.")
    for one, function in inspect.getmembers(type(group), inspect.isfunction):
        source = inspect.getsource(function)
        if one.startswith("_") or one.endswith("_async") or "self._build_request(" not in source:
            continue
        model = re.search(r"request = models\.(\w+)\(", source)
        yield Call(
            name + one,
            getattr(group, one),
            re.search(r'method="(\w+)"', source)[1],
            re.search(r'path="([^"]+)"', source)[1],
            getattr(models, model[1]) if model else None,
        )


def recording() -> tuple[FinanceDev, list[httpx.Request]]:
    """An SDK without a network, and the list of the requests it makes."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    client = httpx.Client(transport=httpx.MockTransport(answer))
    return FinanceDev(client=client, server_url="http://127.0.0.1", retry_config=None), seen
