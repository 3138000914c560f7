"""What the market shows during one five-minute bar: the marks tick by tick, and which of them changed.

Nothing outside of its bar is known to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.days import Day
from bot.feeds.synthesis.memory import Memory
from bot.feeds.synthesis.sessions import BAR_MS
from bot.feeds.synthesis.ticks import volume_shares, walk_bar
from core.market.candles import Bools, Floats


@dataclass(frozen=True, slots=True)
class Scene:
    """``marks`` are ``[ticks, markets]``; ``changed[k]`` the coins that moved at tick ``k``; the rest ``[markets]``."""

    bar_ms: int
    tick_ms: int
    marks: Floats
    changed: Sequence[Sequence[str]]
    volume: Floats
    premium: Floats
    gapped: Bools

    @classmethod
    def of(cls, cast: Cast, memory: Memory, bar_ms: int) -> Scene:
        """The scene of the bar that opens at ``bar_ms``; its day must be in the memory."""
        day, bar = memory.day_of(bar_ms)
        marks = marks_of(cast, day, bar)
        before = memory.closes_before(bar_ms)
        moved = np.diff(marks, axis=0, prepend=before[None, :]) != 0.0
        coins = [one.coin for one in cast.markets]
        changed = [[coins[row] for row in np.flatnonzero(tick)] for tick in moved]
        premium = day.crowd.premium[:, bar // 12]
        return cls(bar_ms, cast.rules.tick_ms, marks, changed, day.volume[:, bar], premium, day.gapped[:, bar])

    @property
    def end_ms(self) -> int:
        """Where the next bar opens."""
        return self.bar_ms + BAR_MS

    def tick_at(self, now_ms: int) -> int:
        """The latest tick at or before a time inside the bar."""
        return min((now_ms - self.bar_ms) // self.tick_ms, len(self.changed) - 1)

    def next_tick(self, now_ms: int) -> int:
        """Time of the first tick after a time inside the bar, at the latest the next bar's open."""
        return min(self.bar_ms + (self.tick_at(now_ms) + 1) * self.tick_ms, self.end_ms)

    def changed_at(self, now_ms: int) -> Sequence[str]:
        """The coins that moved at the tick of this time."""
        return self.changed[self.tick_at(now_ms)]

    def shown(self, row: int, now_ms: int) -> tuple[float, float, bool]:
        """Mark, premium over the oracle, and whether the mark jumped just now."""
        tick = self.tick_at(now_ms)
        jumped = bool(self.gapped[row]) and now_ms == self.bar_ms
        return float(self.marks[tick, row]), float(self.premium[row]), jumped

    def so_far(self, row: int, now_ms: int) -> tuple[float, float, float, float, float]:
        """Open, high, low, close and volume of a market's bar up to a time."""
        tick = self.tick_at(now_ms)
        seen = self.marks[: tick + 1, row]
        volume = float(self.volume[row] * volume_shares(self.marks[:, row])[: tick + 1].sum())
        return float(seen[0]), float(seen.max()), float(seen.min()), float(seen[-1]), volume


def marks_of(cast: Cast, day: Day, bar: int) -> Floats:
    """The marks of one bar, ``[ticks, markets]``."""
    prices = (day.open[:, bar], day.high[:, bar], day.low[:, bar], day.close[:, bar])
    bar_ms = day.start_ms + bar * BAR_MS
    return walk_bar(cast.seed, bar_ms, cast.rules.tick_ms, prices, day.scale[:, bar], cast.price_decimals)
