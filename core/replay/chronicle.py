"""What a recorded market has shown so far: closed bars, the forming one, and the last day's figures.

Every answer is a function of the recording up to the time asked; nothing that closes later is touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.market.candles import CandleSeries, Floats, Timeframe
from core.market.history import DAY_MS
from core.replay.path import part
from core.replay.recording import Bars, RecordedSymbol, gathered
from core.trading.exchange.ports import Candle


@dataclass(frozen=True, slots=True)
class DayBefore:
    """Price 24 h ago (the first open if the market is younger, 0 before it began), volume since, in USD."""

    price: float
    volume_usd: float


class Chronicle:
    """One recorded symbol, as far as it is known at a time."""

    def __init__(self, symbol: RecordedSymbol) -> None:
        self._symbol = symbol
        self._bars = dict(symbol.bars)
        path = symbol.path
        self._path_close = path.time + path.span
        self._turnover: Floats = np.concatenate(([0.0], np.cumsum(path.volume * path.close)))

    def closed(self, interval_ms: int, start_ms: int, now_ms: int) -> Bars | None:
        """Bars of an interval that open at or after ``start_ms`` and have closed by ``now_ms``; ``None`` if unknown."""
        bars = self._of(interval_ms)
        if bars is None:
            return None
        first = int(np.searchsorted(bars.time, start_ms, side="left"))
        return bars[first : max(first, bars.opened_by(now_ms - interval_ms))]

    def series(self, timeframe: Timeframe, start_ms: int, now_ms: int) -> CandleSeries | None:
        """The closed bars as a series of the pipeline; ``None`` when the interval is finer than the recording."""
        bars = self.closed(timeframe.ms, start_ms, now_ms)
        if bars is None:
            return None
        return CandleSeries(
            self._symbol.symbol, timeframe, bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume
        )

    def candles(self, interval_ms: int, start_ms: int, end_ms: int, now_ms: int) -> list[Candle]:
        """Bars that open in ``[start_ms, end_ms]``: the closed ones as recorded, then the one that is forming."""
        closed = self.closed(interval_ms, start_ms, now_ms)
        if closed is None:
            return []
        rows = list(_rows(closed[: closed.opened_by(end_ms)]))
        opened = now_ms // interval_ms * interval_ms
        if start_ms <= opened <= end_ms:
            rows += self._forming(interval_ms, opened, now_ms)
        return rows

    def day_before(self, now_ms: int) -> DayBefore:
        """Price 24 h before ``now_ms`` and turnover since, by the bars that have closed."""
        path = self._symbol.path
        if now_ms < path.time[0]:
            return DayBefore(0.0, 0.0)
        old, new = (int(i) for i in np.searchsorted(self._path_close, (now_ms - DAY_MS, now_ms), side="right"))
        price = path.close[old - 1] if old else path.open[0]
        return DayBefore(float(price), float(self._turnover[new] - self._turnover[old]))

    def _of(self, interval_ms: int) -> Bars | None:
        """All bars of an interval, built once from the coarsest given one that divides it."""
        if interval_ms not in self._bars:
            parts = [given for given in self._symbol.bars if interval_ms % given == 0]
            if not parts:
                return None
            self._bars[interval_ms] = gathered(self._symbol.bars[max(parts)], interval_ms)
        return self._bars[interval_ms]

    def _forming(self, interval_ms: int, opened: int, now_ms: int) -> Sequence[Candle]:
        """The bar that opened at ``opened``, as far as the path has come; none when no price was made since."""
        path = self._symbol.path
        first, last = int(np.searchsorted(path.time, opened, side="left")), path.opened_by(now_ms) - 1
        if last < first or path.span[last] > interval_ms:
            return ()
        done = last + 1 if self._path_close[last] <= now_ms else last
        pieces = [*_tuples(path[first:done])]
        if done == last:
            pieces.append(part(path, last, now_ms))
        opens, highs, lows, closes, volumes = zip(*pieces, strict=True)
        return (Candle(opened, opens[0], max(highs), min(lows), closes[-1], sum(volumes), 0),)


def _tuples(bars: Bars) -> Iterator[tuple[float, float, float, float, float]]:
    columns = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    return zip(*(column.tolist() for column in columns), strict=True)


def _rows(bars: Bars) -> Iterator[Candle]:
    """Candles of bars; how many trades made them is not recorded, so 0."""
    return (Candle(time, *prices, 0) for time, prices in zip(bars.time.tolist(), _tuples(bars), strict=True))
