"""``vektor numbers``: every setting with its value, unit, bounds and sentence, read from where it stands."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import core.settings
from core.settings import Group, Settings


@dataclass(frozen=True, slots=True)
class Number:
    """One setting as it is in force. ``origin`` is ``default`` or the file that overrides it."""

    name: str
    value: object
    unit: str
    low: object
    high: object
    origin: str
    sentence: str


def sentences() -> dict[tuple[str, str], str]:
    """The docstring under each field, by class and field name."""
    found: dict[tuple[str, str], str] = {}
    for node in ast.parse(inspect.getsource(core.settings)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for field, text in zip(node.body, node.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(field.target, ast.Name):
                value = text.value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[node.name, field.target.id] = " ".join(value.value.split())
    return found


def numbers(settings: Settings, source: Path | None = None) -> Iterator[Number]:
    """All settings in order."""
    words = sentences()
    default = Settings()
    for group in fields(settings):
        chosen: Group = getattr(settings, group.name)
        usual = getattr(default, group.name)
        for one in fields(chosen):  # type: ignore[arg-type]
            value = getattr(chosen, one.name)
            yield Number(
                name=f"{group.name}.{one.name}",
                value=value,
                unit=str(one.metadata.get("unit", "")),
                low=one.metadata.get("low", ""),
                high=one.metadata.get("high", ""),
                origin="default" if value == getattr(usual, one.name) else str(source),
                sentence=words.get((type(chosen).__name__, one.name), ""),
            )


def table(settings: Settings, source: Path | None = None) -> str:
    """The numbers as aligned lines."""
    rows = [
        (n.name, f"{n.value} {n.unit}", f"[{n.low} … {n.high}]", n.origin, n.sentence)
        for n in numbers(settings, source)
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    return "\n".join("  ".join([*(c.ljust(w) for c, w in zip(r, widths, strict=False)), r[4]]).rstrip() for r in rows)
