"""Funding, open interest and the last 24 hours of every market, as they stand during one five-minute bar."""

from __future__ import annotations

from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.days import DAY_MS
from bot.feeds.synthesis.memory import Memory
from bot.feeds.synthesis.sessions import BAR_MS
from core.market.grid import exact
from core.trading.exchange.ports import Statistics

HIP3_FUNDING = 0.5
"""Funding multiplier of the HIP-3 dex."""


class Figures:
    """Made once per bar, by what closed before it."""

    def __init__(self, cast: Cast, memory: Memory, bar_ms: int) -> None:
        day, bar = memory.day_of(bar_ms)
        hour = bar // 12
        self._markets = cast.markets
        self._funding = day.crowd.funding[:, hour]
        self._premium = day.crowd.premium[:, hour]
        usual = cast.profiles.open_interest_usd / cast.profiles.price
        self._interest = usual * day.crowd.interest[:, hour]
        self._previous = memory.closes_before(bar_ms - DAY_MS + BAR_MS)
        self._turnover = memory.turnover(bar_ms - DAY_MS, bar_ms)

    def of(self, row: int) -> Statistics:
        """The figures of one market."""
        market = self._markets[row]
        funding = float(self._funding[row]) * (HIP3_FUNDING if market.dex else 1.0)
        return Statistics(
            funding=exact(round(funding, 10)),
            open_interest=exact(round(float(self._interest[row]), market.size_decimals)),
            previous_day=exact(float(self._previous[row])),
            day_volume_usd=exact(round(float(self._turnover[row]), 2)),
            premium=exact(round(float(self._premium[row]), 8)),
        )
