"""The reader of the markets: rows for all of them, brought up to the newest bar. Refuses to judge whether bars are sound.

Only what depends on a new bar is worked out anew; the reading is, bit for bit, the one made at once from the anchor.
Not for two threads at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from core.errors import BrokenInvariant
from core.market.blocks import CandleBlock
from core.market.candles import CandleSeries, Ints, Timeframe
from core.market.new_york import trading_day
from core.market.symbols import AssetClass, Market
from core.settings import Settings
from core.sifting import Missed
from core.signals.enrichment.carried import Carried
from core.signals.enrichment.passes import PASSES, Pass, run

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
STATES = {Timeframe.M15: "read_15m", Timeframe.H1: "read_1h", Timeframe.H4: "read_4h"}

Series = Mapping[Timeframe, CandleSeries]
"""One market's bars on the three timeframes, each from its anchor on."""


class Reader:
    """Rows by symbol, and what is carried for them. ``carried`` holds the columns of the last reading."""

    def __init__(self, settings: Settings, passes: Mapping[str, Pass] = PASSES) -> None:
        self._settings = settings
        self._passes = passes
        self._rows: dict[str, int] = {}
        self._stocks: list[bool] = []
        self._day: Ints = np.empty(0, dtype=np.int64)
        self._unread = True
        self._carried: Carried | None = None

    @classmethod
    def over(
        cls, m15: CandleBlock, h1: CandleBlock, h4: CandleBlock, markets: Sequence[Market], settings: Settings
    ) -> Self:
        """A reader of blocks that are made and grown elsewhere, row ``i`` being ``markets[i]``."""
        reader = cls(settings)
        reader._rows = {market.symbol: row for row, market in enumerate(markets)}
        reader._stocks = [market.asset_class is AssetClass.EQUITY for market in markets]
        reader._carried = Carried(m15, h1, h4, np.array(reader._stocks), settings.enrichment, settings.timeframes)
        reader._day = np.full(len(markets), -1, dtype=np.int64)
        return reader

    @property
    def carried(self) -> Carried:
        """What is carried. Raises :class:`BrokenInvariant` before a first :meth:`read`."""
        if self._carried is None:
            raise BrokenInvariant("nothing has been read yet")
        return self._carried

    def read(self, held: Sequence[tuple[Market, Series]], now_ms: int) -> tuple[Ints, Sequence[Missed]]:
        """The row of each market, its columns being those of ``now_ms``; and the passes that failed."""
        carried = self._room(held)
        rows = np.array([self._rows[market.symbol] for market, _ in held], dtype=np.int64)
        fresh = {timeframe: self._taken(carried, timeframe, held, rows) for timeframe in Timeframe}
        return rows, self.advance(rows, fresh, now_ms)

    def advance(self, rows: Ints, fresh: Mapping[Timeframe, Ints], now_ms: int) -> Sequence[Missed]:
        """Read what depends on the ``fresh`` bars of some of the ``rows``; the passes that failed."""
        carried = self.carried
        if self._unread:
            fresh = dict.fromkeys(Timeframe, rows)
        carried.at(now_ms, trading_day(Timeframe.M15.last_close(now_ms) - Timeframe.M15.ms, self._settings.stock_hours))
        for timeframe, name in STATES.items():
            if fresh[timeframe].size:
                carried.call(name, fresh[timeframe])
        if fresh[Timeframe.H1].size:
            carried.call("read_width", fresh[Timeframe.H1])
        missed = run(carried, self._due(rows, fresh, carried.turn(), now_ms), self._passes)
        self._unread = bool(missed)
        return missed

    def _due(self, rows: Ints, fresh: Mapping[Timeframe, Ints], turned: Ints, now_ms: int) -> dict[str, Ints]:
        """Which rows each pass must read again."""
        due = {name: fresh[one.timeframe] for name, one in self._passes.items()}
        if turned.size:
            due |= {name: either(due[name], turned, rows) for name, one in self._passes.items() if one.sided}
        dated = rows[self._day[rows] != now_ms // DAY_MS]
        if "supertrend" in due and dated.size:  # the pivots of a new day stand although no bar of it has closed
            due["supertrend"] = either(due["supertrend"], dated, rows)
            self._day[dated] = now_ms // DAY_MS
        if "premarket" in due:  # a matter of stocks alone, and of the clock as much as of a bar
            due["premarket"] = rows[self.carried.equity[rows]]
        return due

    def _taken(self, carried: Carried, timeframe: Timeframe, held: Sequence[tuple[Market, Series]], rows: Ints) -> Ints:
        """Put the bars of a timeframe into their rows; the rows in which one is new."""
        block = {Timeframe.M15: carried.m15, Timeframe.H1: carried.h1, Timeframe.H4: carried.h4}[timeframe]
        fresh = []
        for (_, series), row in zip(held, rows.tolist(), strict=True):
            known = block.take(row, series[timeframe])
            if known == 0:
                carried.forget(timeframe, row)
            if known < len(series[timeframe]):
                fresh.append(row)
        return np.array(fresh, dtype=np.int64)

    def _room(self, held: Sequence[tuple[Market, Series]]) -> Carried:
        """Rows for every market, wide enough; when there is no room, everything begins anew with more."""
        for market, _ in held:
            if self._rows.setdefault(market.symbol, len(self._rows)) == len(self._stocks):
                self._stocks.append(market.asset_class is AssetClass.EQUITY)
        carried = self._carried
        if carried is not None and carried.equity.size >= len(self._rows) and self._fits(carried, held):
            return carried
        room = {t: max(len(series[t]) for _, series in held) + WEEK_MS // t.ms for t in Timeframe}
        m15, h1, h4 = (CandleBlock(t, len(self._rows), room[t]) for t in Timeframe)
        stocks = np.array(self._stocks)
        self._carried = Carried(m15, h1, h4, stocks, self._settings.enrichment, self._settings.timeframes)
        self._day = np.full(len(self._rows), -1, dtype=np.int64)
        self._unread = True
        return self._carried

    def _fits(self, carried: Carried, held: Sequence[tuple[Market, Series]]) -> bool:
        blocks = (carried.m15, carried.h1, carried.h4)
        return all(len(series[block.timeframe]) <= block.stride for block in blocks for _, series in held)


def either(some: Ints, others: Ints, every: Ints) -> Ints:
    """The rows that are in one of two sets of them; ``some`` may be ``every`` row already."""
    return some if some.size == every.size else np.union1d(some, others)
