"""How long positions stood without a stop, from the venue's own record of fills and orders, in venue time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spell:
    """A span of venue time in which a coin was held and no reduce-only stop rested over the whole of it."""

    coin: str
    since_ms: int
    until_ms: int

    @property
    def length_ms(self) -> int:
        """How long."""
        return self.until_ms - self.since_ms


def after(fill: Json) -> Decimal:
    """The signed position after a fill."""
    size = Decimal(fill["sz"])
    return Decimal(fill["startPosition"]) + (size if fill["side"] == "B" else -size)


def bare_spells(coin: str, fills: Sequence[Json], orders: Iterable[Json], now_ms: int) -> list[Spell]:
    """Every such span of one coin up to now. ``fills`` are oldest first, ``orders`` as ``historicalOrders`` tells them.

    A stop that fires ends at the very time of its fill, so that a close by it leaves no span.
    """
    stops = [row for row in orders if is_stop(row["order"])]
    marks = {fill["time"] for fill in fills} | {now_ms}
    marks |= {row["order"]["timestamp"] for row in stops} | {row["statusTimestamp"] for row in stops}
    times = sorted(mark for mark in marks if mark <= now_ms)
    spells: list[Spell] = []
    for begin, end in pairwise(times):
        if not is_bare(held_at(fills, begin), stops, begin):
            continue
        joins = bool(spells) and spells[-1].until_ms == begin
        spells.append(Spell(coin, spells.pop().since_ms if joins else begin, end))
    return spells


def is_stop(order: Json) -> bool:
    """Whether an order protects."""
    return bool(order["reduceOnly"]) and str(order["orderType"]).startswith("Stop")


def held_at(fills: Sequence[Json], time_ms: int) -> Decimal:
    """The signed position once everything of this millisecond has happened."""
    last = next((fill for fill in reversed(fills) if fill["time"] <= time_ms), None)
    return after(last) if last is not None else Decimal(0)


def is_bare(size: Decimal, stops: Iterable[Json], time_ms: int) -> bool:
    """Whether the stops that rest from this millisecond on leave a part of the position open."""
    resting = (row["order"] for row in stops if rests(row, time_ms))
    covered = sum((Decimal(one["origSz"]) for one in resting if (one["side"] == "A") == (size > 0)), Decimal(0))
    return covered < abs(size)


def rests(row: Json, time_ms: int) -> bool:
    """Whether an order rests from this millisecond on."""
    begun: bool = row["order"]["timestamp"] <= time_ms
    return begun and (row["status"] == "open" or row["statusTimestamp"] > time_ms)
