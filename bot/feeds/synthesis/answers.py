"""Candle requests answered from the memory and, for intervals under five minutes, from the ticks of the last hours."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.memory import Columns, Memory, gathered
from bot.feeds.synthesis.scene import Scene, marks_of
from bot.feeds.synthesis.sessions import BAR_MS
from bot.feeds.synthesis.ticks import ticks_in_bar, volume_shares
from core.market.candles import Floats, Ints
from core.trading.exchange.ports import Candle

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
TRADE_USD = 2_500.0
"""What one trade of this world is worth, to say how many made a bar."""


class SyntheticCandles:
    """Bars of any market of the cast."""

    def __init__(self, cast: Cast, memory: Memory) -> None:
        self._cast = cast
        self._memory = memory
        self._marks: OrderedDict[int, Floats] = OrderedDict()

    def between(
        self, row: int, interval_ms: int, start_ms: int, end_ms: int, now_ms: int, scene: Scene
    ) -> list[Candle]:
        """Bars opening in ``[start_ms, end_ms]`` and not after now, the last as it forms; none for odd intervals."""
        if interval_ms % BAR_MS == 0:
            closed = self._memory.bars(row, interval_ms, start_ms, now_ms)
            pieces = self._pieces(row, now_ms // interval_ms * interval_ms, now_ms, scene)
        elif interval_ms % MINUTE_MS == 0:
            closed, pieces = self._minutes(row, interval_ms, start_ms, now_ms)
        else:
            return []
        decimals = self._cast.markets[row].size_decimals
        candles = _candles(closed, end_ms, decimals)
        opened = now_ms // interval_ms * interval_ms
        if start_ms <= opened <= end_ms and pieces:
            opens, highs, lows, closes, volumes = zip(*pieces, strict=True)
            volume = round(sum(volumes), decimals)
            prices = (opens[0], max(highs), min(lows), closes[-1])
            candles.append(Candle(opened, *prices, volume, _trades(volume, closes[-1])))
        return candles

    def _pieces(
        self, row: int, opened: int, now_ms: int, scene: Scene
    ) -> list[tuple[float, float, float, float, float]]:
        """What a forming bar is made of: the closed five minutes since it opened, and the present ones so far."""
        fine = self._memory.fine(row, opened, scene.bar_ms)
        columns = (fine.open, fine.high, fine.low, fine.close, fine.volume)
        return [*zip(*(one.tolist() for one in columns), strict=True), scene.so_far(row, now_ms)]

    def _minutes(
        self, row: int, interval_ms: int, start_ms: int, now_ms: int
    ) -> tuple[Columns, list[tuple[float, float, float, float, float]]]:
        """Closed bars of whole minutes, and the forming one, from the ticks of the last hours."""
        oldest = max(now_ms - self._cast.rules.minute_hours * HOUR_MS, self._memory.start_ms)
        first = -(-max(start_ms, oldest) // interval_ms) * interval_ms
        opened = now_ms // interval_ms * interval_ms
        time, mark, volume = self._ticks(row, min(first, opened), now_ms)
        fine = Columns(time, mark, mark, mark, mark, volume)
        ended = int(np.searchsorted(time, opened, side="left"))
        bucket = np.flatnonzero(np.diff(time // interval_ms, prepend=-1))
        bars = gathered(fine, bucket)
        bars = Columns(bars.time // interval_ms * interval_ms, bars.open, bars.high, bars.low, bars.close, bars.volume)
        closed = int(np.searchsorted(bars.time, opened, side="left"))
        forming = [(m, m, m, m, v) for m, v in zip(mark[ended:].tolist(), volume[ended:].tolist(), strict=True)]
        cut = Columns(*(getattr(bars, name)[:closed] for name in ("time", "open", "high", "low", "close", "volume")))
        return cut, forming

    def _ticks(self, row: int, start_ms: int, now_ms: int) -> tuple[Ints, Floats, Floats]:
        """Times, marks and volumes of a market's ticks from ``start_ms`` to now."""
        tick_ms, count = self._cast.rules.tick_ms, ticks_in_bar(self._cast.rules.tick_ms)
        bars = range(start_ms // BAR_MS * BAR_MS, now_ms + 1, BAR_MS)
        time = np.concatenate([bar + tick_ms * np.arange(count, dtype=np.int64) for bar in bars])
        marks = [self._bar_marks(bar)[:, row] for bar in bars]
        volume = np.concatenate(
            [self._bar_volume(row, bar) * volume_shares(seen) for bar, seen in zip(bars, marks, strict=True)]
        )
        mark = np.concatenate(marks)
        wanted = (time >= start_ms) & (time <= now_ms)
        return time[wanted], mark[wanted], volume[wanted]

    def _bar_marks(self, bar_ms: int) -> Floats:
        """The marks of a bar, kept for the next request of the same hours."""
        if bar_ms not in self._marks:
            self._marks[bar_ms] = marks_of(self._cast, *self._memory.day_of(bar_ms))
            while len(self._marks) > self._cast.rules.minute_hours * 12 + 1:
                self._marks.popitem(last=False)
        return self._marks[bar_ms]

    def _bar_volume(self, row: int, bar_ms: int) -> float:
        day, bar = self._memory.day_of(bar_ms)
        return float(day.volume[row, bar])


def _candles(bars: Columns, end_ms: int, size_decimals: int) -> list[Candle]:
    """Candles of the bars that open by ``end_ms``."""
    last = int(np.searchsorted(bars.time, end_ms, side="right"))
    prices = zip(*(one[:last].tolist() for one in (bars.open, bars.high, bars.low, bars.close)), strict=True)
    volumes = np.round(bars.volume[:last], size_decimals).tolist()
    return [
        Candle(time, opened, high, low, close, volume, _trades(volume, close))
        for time, (opened, high, low, close), volume in zip(bars.time[:last].tolist(), prices, volumes, strict=True)
    ]


def _trades(volume: float, price: float) -> int:
    """How many trades made a volume."""
    return 0 if volume == 0.0 else 1 + int(volume * price / TRADE_USD)
