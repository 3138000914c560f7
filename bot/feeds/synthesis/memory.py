"""What the synthetic world remembers: the days still kept, and any interval's bars made of them.

Bounded: days older than the history are forgotten. Bars that have not closed are never shown from here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.days import DAY_MS, Day, live_day
from bot.feeds.synthesis.sessions import BAR_MS, BARS_A_DAY
from bot.feeds.synthesis.world import World
from core.market.candles import Floats, Ints

PRICE_COLUMNS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Columns:
    """Bars of one market: open times (epoch ms) and float64 columns, all ``[bars]``."""

    time: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats


class Memory:
    """Days of bars, as far as the present one, and the worlds that they began with."""

    def __init__(self, cast: Cast, world: World) -> None:
        self._cast = cast
        self._next = world
        self._days: deque[tuple[World, Day]] = deque()

    @property
    def oldest(self) -> World:
        """The world at the start of the oldest day kept: from it and the seed all the rest follows."""
        return self._days[0][0]

    @property
    def start_ms(self) -> int:
        """Where the memory begins."""
        return self._days[0][1].start_ms

    @property
    def today(self) -> Day:
        """The latest day."""
        return self._days[-1][1]

    def live_until(self, now_ms: int, keep_days: int) -> None:
        """Make days until ``now_ms`` lies in the latest, and forget those older than ``keep_days`` before it."""
        while not self._days or self.today.start_ms + DAY_MS <= now_ms:
            day, after = live_day(self._next, self._cast)
            self._days.append((self._next, day))
            self._next = after
        while self.start_ms + (keep_days + 1) * DAY_MS <= self.today.start_ms:
            self._days.popleft()

    def bars(self, row: int, interval_ms: int, start_ms: int, now_ms: int) -> Columns:
        """Closed bars of an interval (a multiple of five minutes) that open at or after ``start_ms``."""
        first = max(-(-start_ms // interval_ms) * interval_ms, -(-self.start_ms // interval_ms) * interval_ms)
        last = now_ms // interval_ms * interval_ms
        fine = self.fine(row, first, last)
        bucket = np.flatnonzero(np.diff(fine.time // interval_ms, prepend=-1))
        return gathered(fine, bucket)

    def fine(self, row: int, start_ms: int, end_ms: int) -> Columns:
        """The five-minute bars that open in ``[start_ms, end_ms)``."""
        pieces = list(self._pieces(row, start_ms, end_ms))
        columns = [np.concatenate([piece[i] for piece in pieces]) if pieces else np.empty(0) for i in range(5)]
        first = max(start_ms, self.start_ms)
        return Columns(first + BAR_MS * np.arange(columns[0].size, dtype=np.int64), *columns)

    def day_of(self, bar_ms: int) -> tuple[Day, int]:
        """The day that holds a bar, and the bar's place in it."""
        days = (bar_ms - self.start_ms) // DAY_MS
        return self._days[days][1], (bar_ms % DAY_MS) // BAR_MS

    def closes_before(self, bar_ms: int) -> Floats:
        """Every market's close before a bar, ``[markets]``; its open where nothing was before."""
        if bar_ms <= self.start_ms:
            return self._days[0][1].open[:, 0]
        day, bar = self.day_of(bar_ms - BAR_MS)
        return day.close[:, bar]

    def turnover(self, start_ms: int, end_ms: int) -> Floats:
        """USD traded in the bars that open in ``[start_ms, end_ms)``, ``[markets]``."""
        total = np.zeros(len(self._cast.markets))
        for _, day in self._days:
            first = max(0, (start_ms - day.start_ms) // BAR_MS)
            last = min(BARS_A_DAY, (end_ms - day.start_ms) // BAR_MS)
            if first < last:
                total += (day.close[:, first:last] * day.volume[:, first:last]).sum(axis=1)
        return total

    def _pieces(self, row: int, start_ms: int, end_ms: int) -> Iterator[Sequence[Floats]]:
        for _, day in self._days:
            first = max(0, (start_ms - day.start_ms) // BAR_MS)
            last = min(BARS_A_DAY, (end_ms - day.start_ms) // BAR_MS)
            if first < last:
                yield [getattr(day, name)[row, first:last] for name in PRICE_COLUMNS]


def gathered(fine: Columns, bucket: Ints) -> Columns:
    """Bars made of finer ones; ``bucket`` holds the rows at which each begins."""
    if not bucket.size:
        return fine
    last = np.append(bucket[1:], fine.time.size) - 1
    return Columns(
        fine.time[bucket],
        fine.open[bucket],
        np.maximum.reduceat(fine.high, bucket),
        np.minimum.reduceat(fine.low, bucket),
        fine.close[last],
        np.add.reduceat(fine.volume, bucket),
    )
