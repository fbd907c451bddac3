"""Compares JSON with the SDK's models, more strictly than the SDK itself does: it accepts text for a number, ignores
members that it does not know, and takes any word for an enumeration value."""

import datetime
import decimal
import enum
import types
import typing
from typing import Any, Iterator

import pydantic
from finance_dev.types import Nullable, OptionalNullable
from finance_dev.types.basemodel import Unset, UnrecognizedInt, UnrecognizedStr
from typing_extensions import TypeAliasType

PLAIN = {str: str, bool: bool, int: int, float: (int, float)}


def differences(value: Any, kind: Any, where: str = "") -> Iterator[str]:
    """What in a JSON value is not as a type of the SDK says."""
    if value is None:
        if not takes_null(kind):
            yield f"{where}: null"
        return
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated or origin in (Nullable, OptionalNullable):
        yield from differences(value, args[0], where)
    elif isinstance(kind, TypeAliasType):
        yield from differences(value, kind.__value__, where)
    elif origin in (typing.Union, types.UnionType):
        branches = [one for one in args if one not in (type(None), Unset, UnrecognizedStr, UnrecognizedInt)]
        found = [list(differences(value, one, where)) for one in branches]
        yield from min(found, key=len)
    elif origin is list:
        if not isinstance(value, list):
            yield f"{where}: no list"
            return
        for one in value:
            yield from differences(one, args[0], f"{where}[]")
    elif origin is dict:
        if not isinstance(value, dict):
            yield f"{where}: no object"
            return
        for one in value.values():
            yield from differences(one, args[1], f"{where}.*")
    elif origin is typing.Literal:
        if value not in args:
            yield f"{where}: {value!r} is none of {', '.join(map(str, args))}"
    elif kind in PLAIN:
        if not isinstance(value, PLAIN[kind]) or isinstance(value, bool) != (kind is bool):
            yield f"{where}: {value!r} is no {kind.__name__}"
    elif kind in (datetime.datetime, datetime.date, decimal.Decimal):
        yield from refused(value, kind, where)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        words = [one.value for one in kind]
        if value not in words:
            yield f"{where}: {value!r} is none of {', '.join(map(str, words))}"
    elif isinstance(kind, type) and issubclass(kind, pydantic.BaseModel):
        yield from members(value, kind, where)
    elif kind is not Any:
        raise TypeError(f"{where}: no rule for {kind}")


def members(value: Any, model: type[pydantic.BaseModel], where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: no object"
        return
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for name, field in fields.items():
        if name in value:
            yield from differences(value[name], field.annotation, f"{where}.{name}")
        elif field.is_required():
            yield f"{where}.{name}: missing"
    if model.model_config.get("extra") != "allow":
        yield from (f"{where}.{name}: not known" for name in value if name not in fields)


def takes_null(kind: Any) -> bool:
    """`Optional` alone means that the member may be missing."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return any(takes_null(one) for one in typing.get_args(kind) if one is not type(None))
    return kind is Any or origin in (Nullable, OptionalNullable)


def refused(value: Any, kind: Any, where: str) -> Iterator[str]:
    try:
        pydantic.TypeAdapter(kind).validate_python(value, strict=False)
        if not isinstance(value, str):
            yield f"{where}: {value!r} is no text"
    except pydantic.ValidationError:
        yield f"{where}: {value!r} is no {kind.__name__}"
