"""Bars of all markets side by side: one timeframe as columns that only grow. Refuses a forming bar and any repair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from core.market.candles import COLUMNS, CandleSeries, Floats, Ints, Timeframe

SPARE = 8
"""Columns beyond the longest row when a block is made of whole series."""


class CandleBlock:
    """One timeframe of many markets: float64 columns of shape ``[rows, stride]``, int64 open times (epoch ms).

    Row ``i`` holds ``count[i]`` closed bars from column 0 on; what lies beyond means nothing. A row begins anew when its
    series does, else it only grows.
    """

    def __init__(self, timeframe: Timeframe, rows: int, stride: int) -> None:
        self.timeframe = timeframe
        self.count: Ints = np.zeros(rows, dtype=np.int64)
        self.time: Ints = np.zeros((rows, stride), dtype=np.int64)
        self.columns: Floats = np.zeros((len(COLUMNS), rows, stride))
        self.open, self.high, self.low, self.close, self.volume = self.columns

    @classmethod
    def of(cls, timeframe: Timeframe, series: Sequence[CandleSeries]) -> Self:
        """Series side by side, in their order."""
        block = cls(timeframe, len(series), max((len(one) for one in series), default=0) + SPARE)
        for row, one in enumerate(series):
            block.take(row, one)
        return block

    @property
    def stride(self) -> int:
        """Bars that a row has room for."""
        return int(self.time.shape[1])

    def take(self, row: int, series: CandleSeries) -> int:
        """Let a row be ``series``; how many bars it held already, 0 when it begins anew.

        Bars are compared, not trusted: a series whose past was revised begins anew.
        """
        held, length = int(self.count[row]), len(series)
        if not (0 < held <= length and self._begins(row, held, series)):
            held = 0
        self.time[row, held:length] = series.time[held:]
        for column, name in zip(self.columns, COLUMNS, strict=True):
            column[row, held:length] = getattr(series, name)[held:]
        self.count[row] = length
        return held

    def append(self, rows: Ints, time: Ints, bars: Floats) -> None:
        """One closed bar for each of ``rows``: open times ``[rows]`` and ``[5, rows]`` in the order of ``COLUMNS``."""
        at = self.count[rows]
        self.time[rows, at] = time
        self.columns[:, rows, at] = bars
        self.count[rows] = at + 1

    def _begins(self, row: int, held: int, series: CandleSeries) -> bool:
        """Whether the row's bars are the first ones of a series."""
        if self.time[row, 0] != series.time[0] or self.time[row, held - 1] != series.time[held - 1]:
            return False
        columns = zip(self.columns, COLUMNS, strict=True)
        return all(np.array_equal(column[row, :held], getattr(series, name)[:held]) for column, name in columns)
