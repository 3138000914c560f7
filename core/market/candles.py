"""Candles: the columns of one market at one timeframe.

Only closed bars live here; a forming bar is never admitted, so nothing downstream can look ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

COLUMNS = ("open", "high", "low", "close", "volume")


class Timeframe(Enum):
    """The three timeframes of the pipeline (SPEC C1)."""

    M15 = "15m"
    H1 = "1h"
    H4 = "4h"

    @property
    def ms(self) -> int:
        """Length of a bar in milliseconds."""
        return {"15m": 900_000, "1h": 3_600_000, "4h": 14_400_000}[self.value]

    def last_close(self, now_ms: int) -> int:
        """Close time of the last bar that is complete at ``now_ms``.

        >>> Timeframe.H1.last_close(7_199_999)
        3600000
        """
        return now_ms // self.ms * self.ms


@dataclass(frozen=True, slots=True)
class CandleSeries:
    """Closed bars of one market, oldest first.

    ``time`` holds bar open times (epoch ms, int64, shape ``[bars]``), the other columns float64 of the same shape.
    """

    symbol: str
    timeframe: Timeframe
    time: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def __len__(self) -> int:
        return int(self.time.size)

    @classmethod
    def from_rows(cls, symbol: str, timeframe: Timeframe, rows: Sequence[Sequence[float]]) -> CandleSeries:
        """From rows of ``(open_ms, open, high, low, close, volume)``."""
        table = np.asarray(rows, dtype=np.float64).reshape(-1, 6)
        return cls(symbol, timeframe, table[:, 0].astype(np.int64), *(table[:, i].copy() for i in range(1, 6)))

    @classmethod
    def joined(cls, parts: Sequence[CandleSeries]) -> CandleSeries:
        """Stretches of one series (at least one), one after the other."""
        if len(parts) == 1:
            return parts[0]
        columns = (np.concatenate([getattr(part, name) for part in parts]) for name in ("time", *COLUMNS))
        return cls(parts[-1].symbol, parts[-1].timeframe, *columns)

    def closed_by(self, now_ms: int) -> CandleSeries:
        """The bars whose close time is at or before ``now_ms``."""
        return self[: int(np.searchsorted(self.time, now_ms - self.timeframe.ms, side="right"))]

    def since(self, start_ms: int) -> CandleSeries:
        """The bars that open at or after ``start_ms``."""
        return self[int(np.searchsorted(self.time, start_ms, side="left")) :]

    def __getitem__(self, bars: slice) -> CandleSeries:
        return CandleSeries(
            self.symbol,
            self.timeframe,
            self.time[bars],
            self.open[bars],
            self.high[bars],
            self.low[bars],
            self.close[bars],
            self.volume[bars],
        )
