"""Candle rows straight into float64 columns, forming bar included; cutting and checking them is the feed's work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


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
