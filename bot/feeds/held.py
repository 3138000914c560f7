"""One series in the cache, as a value: what is known, from whom, since when, and where it has holes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bot.feeds.bars import ClosedBar
from core.market.candles import CandleSeries

Hole = tuple[int, int]
"""Open times of the first and the last missing bar."""


@dataclass(frozen=True, slots=True)
class Held:
    """A series that is complete from ``since_ms`` to the last bar due at ``fetched_ms``, but for its ``holes``.

    ``whole_ms`` is when its history was fetched from ``source``; ``streamed`` whether that exchange's stream keeps it up.
    """

    series: CandleSeries
    since_ms: int
    fetched_ms: int
    source: str
    whole_ms: int
    streamed: bool = False
    holes: frozenset[Hole] = frozenset()
    """Asked for a second time, and still not there."""

    @property
    def last(self) -> int | None:
        """Open time of the newest bar."""
        return int(self.series.time[-1]) if len(self.series) else None

    def is_due(self, now_ms: int) -> bool:
        """Whether the last bar that has closed by ``now_ms`` is there."""
        timeframe = self.series.timeframe
        return self.last is not None and self.last >= timeframe.last_close(now_ms) - timeframe.ms

    def extended(self, bar: ClosedBar) -> Held | None:
        """With the next bar, as a stream told it; None when it is not the next, or can be none."""
        step = self.series.timeframe.ms
        prices = (bar.open, bar.high, bar.low, bar.close)
        believable = 0 < bar.low <= min(prices) and max(prices) <= bar.high < float("inf") and bar.volume >= 0
        if self.last is None or bar.time != self.last + step or not believable:
            return None
        row = CandleSeries.from_rows(self.series.symbol, bar.timeframe, [(bar.time, *prices, bar.volume)])
        series = CandleSeries.joined([self.series, row])
        return replace(self, series=series, fetched_ms=bar.time + step, streamed=bar.final)


def holes_in(series: CandleSeries) -> list[Hole]:
    """Where bars of the grid are missing between others.

    >>> rows = [(at, 1, 1, 1, 1, 1) for at in (0, 900_000, 3_600_000)]
    >>> holes_in(CandleSeries.from_rows("X", Timeframe.M15, rows))
    [(1800000, 2700000)]
    """
    step = series.timeframe.ms
    before = np.flatnonzero(np.diff(series.time) > step)
    return [(int(series.time[at]) + step, int(series.time[at + 1]) - step) for at in before.tolist()]


def patched(series: CandleSeries, patch: CandleSeries) -> CandleSeries:
    """The series with those bars of ``patch`` that it lacks, in order."""
    lacking = np.flatnonzero(~np.isin(patch.time, series.time))
    if not lacking.size:
        return series
    both = CandleSeries.joined([series, patch])
    picked = np.concatenate((np.arange(len(series)), len(series) + lacking))
    order = picked[np.argsort(both.time[picked], kind="stable")]
    columns = (getattr(both, name)[order] for name in ("open", "high", "low", "close", "volume"))
    return CandleSeries(series.symbol, series.timeframe, both.time[order], *columns)
