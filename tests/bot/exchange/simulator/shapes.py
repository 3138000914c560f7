"""What JSON looks like: a shape learnt from recordings, and where an answer of ours differs from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

NUMBER = re.compile(r"-?\d+(\.\d+)?")
WITH_POINT = re.compile(r"-?\d+\.\d+")


@dataclass
class Shape:
    """Kinds seen at one place; keys of objects with how often they were there; the shape of list entries."""

    kinds: set[str] = field(default_factory=set)
    objects: int = 0
    keys: dict[str, Shape] = field(default_factory=dict)
    present: dict[str, int] = field(default_factory=dict)
    entries: Shape | None = None

    def learn(self, value: Any) -> Shape:
        self.kinds.add(kind_of(value))
        if isinstance(value, dict):
            self.objects += 1
            for key, held in value.items():
                self.keys.setdefault(key, Shape()).learn(held)
                self.present[key] = self.present.get(key, 0) + 1
        if isinstance(value, list):
            self.entries = self.entries or Shape()
            for held in value:
                self.entries.learn(held)
        return self


def kind_of(value: Any) -> str:
    """``null``, ``bool``, ``int``, ``float``, ``list``, ``object``, ``decimal`` (with a point), ``number``, ``text``."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return "decimal" if WITH_POINT.fullmatch(value) else "number" if NUMBER.fullmatch(value) else "text"
    names = {bool: "bool", int: "int", float: "float", list: "list", dict: "object"}
    return names[type(value)]


def shape_of(recordings: Iterable[Any]) -> Shape:
    """The shape of all recordings together."""
    shape = Shape()
    for one in recordings:
        shape.learn(one)
    return shape


def differences(value: Any, shape: Shape, more: frozenset[str] = frozenset(), where: str = "$") -> list[str]:
    """Where ``value`` does not look like the recordings; ``more`` are keys that newer answers have,
    and, as ``key:kind``, documented kinds that no recording happens to show."""
    kind = kind_of(value)
    if kind not in shape.kinds and f"{where.rpartition('.')[2]}:{kind}" not in more:
        return [f"{where}: {kind} ({value!r}), recorded {sorted(shape.kinds)}"]
    found: list[str] = []
    if isinstance(value, dict):
        always = {key for key, times in shape.present.items() if times == shape.objects}
        found += [f"{where}.{key} is missing" for key in sorted(always - value.keys())]
        found += [f"{where}.{key} was never recorded" for key in sorted(value.keys() - shape.keys.keys() - more)]
        for key in value.keys() & shape.keys.keys():
            found += differences(value[key], shape.keys[key], more, f"{where}.{key}")
    if isinstance(value, list) and shape.entries is not None and shape.entries.kinds:
        for place, held in enumerate(value):
            found += differences(held, shape.entries, more, f"{where}[{place}]")
    return found
