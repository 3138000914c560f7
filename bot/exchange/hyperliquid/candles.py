"""Candle rows straight into float64 columns, forming bar included; cutting and checking them is the feed's work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EXISTING = 5_000
"""The venue keeps no more bars of a market and interval."""
_UNITS_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "M": 2_419_200_000}
"""A month counts as its shortest: more bars expected is the safe side."""


class CandleRow(msgspec.Struct, frozen=True, gc=False):
    """A row of ``candleSnapshot``; ``t`` is its open time, the prices are strings on the wire."""

    t: int
    o: float
    h: float
    l: float  # noqa: E741 - the venue's name
    c: float
    v: float


@dataclass(frozen=True, slots=True, eq=False)
class CandleRows:
    """Bars of one market, oldest first: ``time`` (open, epoch ms, int64) and float64 columns, all of shape ``[bars]``."""

    time: npt.NDArray[np.int64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def __len__(self) -> int:
        return int(self.time.size)


def columns(rows: list[CandleRow]) -> CandleRows:
    """Rows as columns."""
    count = len(rows)
    times = np.fromiter((row.t for row in rows), dtype=np.int64, count=count)
    values = [np.fromiter((getattr(row, name) for row in rows), dtype=np.float64, count=count) for name in "ohlcv"]
    return CandleRows(times, *values)


def request(coin: str, interval: str, start_ms: int, end_ms: int) -> dict[str, Any]:
    """Body of a candle request; at most the newest 5000 bars exist, of 1m to 1M (no 6h)."""
    return {"req": {"coin": coin, "interval": interval, "startTime": start_ms, "endTime": end_ms}}


def count(interval: str, start_ms: int, end_ms: int) -> int:
    """Most bars that a request can bring.

    >>> count("15m", 0, 3_600_000), count("1h", 0, 10**12)
    (5, 5000)
    """
    length_ms = int(interval[:-1]) * _UNITS_MS[interval[-1]]
    return min(EXISTING, (end_ms - start_ms) // length_ms + 1)
