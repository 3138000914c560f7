"""What every pass is given, and how it hands its columns back. Refuses to hold anything but closed bars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.market.candles import Bools, CandleBlock, Floats, Ints
from core.market.new_york import TradingDay
from core.settings import Enrichment

Columns = Mapping[str, Sequence[Any]]
"""Dimension → one value per symbol, in the order of the blocks."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """The candles of all symbols on the three timeframes, row by row the same symbols, and their M1 sides."""

    m15: CandleBlock
    h1: CandleBlock
    h4: CandleBlock
    side: Ints
    """+1 long, −1 short, 0 none, shape ``[symbols]``."""
    equity: Bools
    """Which of them are stocks, with New York's hours, shape ``[symbols]``."""
    day: TradingDay | None
    """New York's trading day on which the last 15m bar due opened; None on a day without one."""
    now_ms: int


Pass = Callable[[Blocks, Enrichment], Columns]


def labelled(cases: Sequence[tuple[Bools, Any]], neutral: Any) -> list[Any]:
    """Per symbol the label of the first case that holds, else the neutral one.

    >>> labelled([(np.array([True, False]), "a")], "b")
    ['a', 'b']
    """
    codes = np.select([holds for holds, _ in cases], range(len(cases)), default=len(cases))
    labels = [label for _, label in cases] + [neutral]
    return [labels[code] for code in codes]


def numbers(values: Floats, neutral: float | None = None) -> list[float | None]:
    """Plain numbers, the neutral value in place of what is not finite.

    >>> numbers(np.array([1.5, np.nan])), numbers(np.array([np.nan]), 50.0)
    ([1.5, None], [50.0])
    """
    return [value if ok else neutral for value, ok in zip(values.tolist(), np.isfinite(values).tolist(), strict=True)]


def whole(values: npt.NDArray[np.integer[Any]] | Bools) -> list[Any]:
    """Plain whole numbers or booleans."""
    plain: list[Any] = values.tolist()
    return plain
