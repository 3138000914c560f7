"""Dataclasses as JSON values and back, exactly: decimals as text, enumerations as their words. Refuses floats.

Serves the snapshot and the journal of happenings, which a server appends to a file.
"""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from core.errors import BadData
from core.trading.exchange.records import BalanceChanged, Filled, FundingPaid, Happening, Liquidated, OrderChanged

KINDS: Mapping[str, type[Happening]] = {
    kind.__name__: kind for kind in (Filled, OrderChanged, FundingPaid, Liquidated, BalanceChanged)
}
"""Happenings by name."""


def encode(value: Any) -> Any:
    """``value`` (dataclass, container or scalar) as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: encode(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): encode(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, deque)):
        return [encode(one) for one in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def decode(kind: Any, value: Any) -> Any:
    """JSON values as the type ``kind``. Raises :class:`BadData` where they do not fit."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not type(None)]
        return None if value is None else decode(inner[0], value)
    if origin is Literal:
        return value
    if origin in (list, deque):
        return origin(decode(get_args(kind)[0], one) for one in value)
    if origin is tuple:
        inner = list(get_args(kind))
        if inner[-1] is Ellipsis:
            return tuple(decode(inner[0], one) for one in value)
        return tuple(decode(one, part) for one, part in zip(inner, value, strict=True))
    if origin is dict:
        key, inner_kind = get_args(kind)
        return {key(name): decode(inner_kind, one) for name, one in value.items()}
    return _scalar(kind, value)


def _scalar(kind: Any, value: Any) -> Any:
    if is_dataclass(kind):
        if not isinstance(value, Mapping):
            expected = f"an object for {kind}"
            raise BadData(f"snapshot holds {value!r} where {expected} belongs", value=str(value), expected=expected)
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: decode(hints[name], one) for name, one in value.items()})  # type: ignore[operator]
    if kind in (Decimal, str) or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return kind(value)
    return value


def encode_happening(happening: Happening) -> dict[str, Any]:
    """A happening as a JSON object with its ``kind``."""
    return {"kind": type(happening).__name__, **encode(happening)}


def decode_happening(line: Mapping[str, Any]) -> Happening:
    """The happening of a JSON object. Raises :class:`BadData` for an unknown kind."""
    kind = KINDS.get(str(line.get("kind")))
    if kind is None:
        raise BadData(
            f"journal line of unknown kind {line.get('kind')!r}; {', '.join(KINDS)} are known",
            value=str(line.get("kind")),
            expected=", ".join(KINDS),
        )
    found: Happening = decode(kind, {name: one for name, one in line.items() if name != "kind"})
    return found
