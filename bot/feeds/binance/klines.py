"""Binance as a source of candles: which markets it has, whether it means the same thing as the venue, and their bars.

A symbol that is not trading there, or whose price is another than the venue's, is never read: a wrong level would set
wrong stops. Whoever asks falls back to the venue.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import numpy as np

from bot.feeds.binance.rest import BinanceRest
from bot.feeds.binance.wire import SOURCE, TRADING, klines, trading
from core.errors import FeedUnavailable
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Market
from core.settings import BinanceRules

log = logging.getLogger(__name__)
Marks = Callable[[], Awaitable[Mapping[str, float]]]
"""The venue's mark prices by coin."""
MOST_ROWS = 1_500
WEIGHTS = ((99, 1), (499, 2), (1_000, 5), (MOST_ROWS, 10))
"""Weight of a request by its limit of rows (facts §7)."""
LISTING_WEIGHT = 1


class BinanceCandles:
    """A :class:`bot.feeds.bars.CandleSource`."""

    name = SOURCE

    def __init__(self, rest: BinanceRest, rules: BinanceRules, marks: Marks) -> None:
        self._rest, self._rules, self._marks = rest, rules, marks
        self._statuses: Mapping[str, str] = {}
        self._listed_ms: int | None = None
        self._asking = asyncio.Lock()
        self._level_until: dict[str, int] = {}
        """Until when a symbol's level needs no look."""
        self._refused_until: dict[str, int] = {}

    def covers(self, market: Market, now_ms: int) -> bool:
        """It bears a symbol of Binance that is no proxy, and was not refused lately."""
        name = market.binance_symbol
        return bool(name) and not market.binance_is_proxy and now_ms >= self._refused_until.get(name or "", 0)

    async def bars(self, market: Market, timeframe: Timeframe, start_ms: int, end_ms: int, now_ms: int) -> CandleSeries:
        """Closed bars of a window. Raises :class:`FeedUnavailable`, also for a symbol that is none or is another thing."""
        name = market.binance_symbol or ""
        await self._look_up(name, now_ms)
        series, made = await self._pages(market, timeframe, start_ms, end_ms, now_ms)
        await self._level(market, series, now_ms)
        closed = series.closed_by(now_ms if made is None else min(now_ms, made))
        return closed[: int(np.searchsorted(closed.time, end_ms, side="right"))]

    async def _pages(
        self, market: Market, timeframe: Timeframe, start_ms: int, end_ms: int, now_ms: int
    ) -> tuple[CandleSeries, int | None]:
        """Everything from ``start_ms`` to the forming bar, or to ``end_ms`` where that lies further back."""
        pages: list[CandleSeries] = []
        newest = end_ms >= timeframe.last_close(now_ms) - timeframe.ms
        last_ms, made = (now_ms if newest else end_ms), None
        while start_ms <= last_ms:
            limit = min(MOST_ROWS, (last_ms - start_ms) // timeframe.ms + 2)
            params = {
                "symbol": market.binance_symbol or "",
                "interval": timeframe.value,
                "startTime": start_ms,
                "limit": limit,
            } | ({} if newest else {"endTime": end_ms})
            page, made = await self._rest.get(
                "/fapi/v1/klines", params, weight_of(limit), lambda body: klines(body, market.symbol, timeframe)
            )
            pages.append(page)
            if len(page) < limit:
                break
            start_ms = int(page.time[-1]) + timeframe.ms
        return (CandleSeries.joined(pages) if pages else CandleSeries.from_rows(market.symbol, timeframe, [])), made

    async def _look_up(self, name: str, now_ms: int) -> None:
        """Ask once a day what is listed. Raises :class:`FeedUnavailable` for what is not trading."""
        async with self._asking:
            if self._listed_ms is None or now_ms >= self._listed_ms + self._rules.listing_ms:
                self._statuses, _ = await self._rest.get("/fapi/v1/exchangeInfo", {}, LISTING_WEIGHT, trading)
                self._listed_ms = now_ms
        status = self._statuses.get(name, "not listed")
        if status != TRADING:
            self._refuse(name, now_ms, f"binance does not trade {name}: {status}")

    async def _level(self, market: Market, series: CandleSeries, now_ms: int) -> None:
        """Compare the newest close with the venue's mark, once a day. Raises :class:`FeedUnavailable` when it is off."""
        name = market.binance_symbol or ""
        if now_ms < self._level_until.get(name, 0) or not len(series):
            return
        marks = await self._marks()
        mark, close = marks.get(market.coin, 0.0), float(series.close[-1])
        if mark <= 0:
            raise FeedUnavailable(f"{market.coin} has no mark to compare binance's {name} with")
        off = abs(close - mark) / mark
        if off > self._rules.level_off:
            limit = f"{self._rules.level_off:.0%}"
            self._refuse(
                name, now_ms, f"binance's {name} closes at {close:g}, {off:.1%} off the mark {mark:g} (most: {limit})"
            )
        self._level_until[name] = now_ms + self._rules.listing_ms

    def _refuse(self, name: str, now_ms: int, words: str) -> None:
        if now_ms >= self._refused_until.get(name, 0):
            log.warning("%s; its candles come from the venue", words)
        self._refused_until[name] = now_ms + self._rules.listing_ms
        raise FeedUnavailable(words)


def weight_of(limit: int) -> int:
    """Weight of a klines request.

    >>> weight_of(2), weight_of(300), weight_of(1000), weight_of(1500)
    (1, 2, 5, 10)
    """
    return next(weight for most, weight in WEIGHTS if limit <= most)
