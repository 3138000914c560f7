"""Candles from a venue, kept: one shared path for every series, asked for as seldom as the rules allow (SPEC C1–C5).

The first fetch brings the whole history, later ones only what is missing at its end; a cycle in which nothing is due
asks nothing. A series that cannot be had is left out with a warning and disturbs no other. Nothing is repaired here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.feeds.cache import SharedFetches, is_fresh
from core.errors import FeedUnavailable, VektorError
from core.market.candles import CandleSeries, Floats, Ints, Timeframe
from core.market.history import history_start, sparse_start, suffices
from core.market.symbols import Market
from core.settings import CandleRules

log = logging.getLogger(__name__)


class Rows(Protocol):
    """Bars as they were fetched, oldest first: open times (epoch ms) and float64 columns, all ``[bars]``."""

    @property
    def time(self) -> Ints:
        """Open times."""
        ...

    @property
    def open(self) -> Floats:
        """Opens."""
        ...

    @property
    def high(self) -> Floats:
        """Highs."""
        ...

    @property
    def low(self) -> Floats:
        """Lows."""
        ...

    @property
    def close(self) -> Floats:
        """Closes."""
        ...

    @property
    def volume(self) -> Floats:
        """Base volumes."""
        ...


Fetch = Callable[[str, str, int, int], Awaitable[Rows]]
"""``fetch(coin, interval, start_ms, end_ms)``: the bars that open in the window, the forming one perhaps among them."""


@dataclass(frozen=True, slots=True)
class Held:
    """A series in the cache: complete from ``since_ms`` to the last bar due at ``fetched_ms``."""

    series: CandleSeries
    since_ms: int
    fetched_ms: int


class CachedCandles:
    """A :class:`core.market.ports.Candles` over a venue's candle requests."""

    def __init__(self, fetch: Fetch, rules: CandleRules) -> None:
        self._fetch = fetch
        self._rules = rules
        self._held: dict[tuple[str, Timeframe], Held] = {}
        self._fetches: SharedFetches[Held] = SharedFetches(rules.in_flight)

    async def closed(self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int) -> Mapping[str, CandleSeries]:
        """Closed bars of each market, by symbol, from the anchor of SPEC C5 on; failed ones are left out.

        Raises :class:`FeedUnavailable` when every market fails.
        """
        answers = await asyncio.gather(*(self._series(market, timeframe, now_ms) for market in markets))
        failed = {
            m.symbol: answer for m, answer in zip(markets, answers, strict=True) if isinstance(answer, VektorError)
        }
        if failed and len(failed) == len(markets):
            first = next(iter(failed.values()))
            raise FeedUnavailable(f"none of {len(markets)} {timeframe.value} series could be had: {first}") from first
        for symbol, error in failed.items():
            log.warning("candles %s %s are left out: %s", symbol, timeframe.value, error)
        shown = [
            self._shown(answer, market, timeframe, now_ms)
            for market, answer in zip(markets, answers, strict=True)
            if isinstance(answer, Held)
        ]
        return {series.symbol: series for series in shown if len(series)}

    async def close(self) -> None:
        """End what is under way."""
        await self._fetches.close()

    async def _series(self, market: Market, timeframe: Timeframe, now_ms: int) -> Held | VektorError:
        """The series as it should be known at a time: from the cache while it is fresh, else brought up to date."""
        key = (market.coin, timeframe)
        held = self._held.get(key)
        if held is not None and is_fresh(held.fetched_ms, timeframe, now_ms, self._rules):
            return held
        return await self._fetches.get(key, lambda: self._updated(market, timeframe, now_ms))

    async def _updated(self, market: Market, timeframe: Timeframe, now_ms: int) -> Held:
        """Fetch what is missing and keep the result."""
        key = (market.coin, timeframe)
        start = history_start(timeframe, now_ms, self._rules)
        held = self._held.get(key)
        if held is None or held.since_ms > start or held.fetched_ms > now_ms:
            held = await self._whole(market, timeframe, start, now_ms)
        else:
            held = await self._continued(held, market, timeframe, now_ms)
        if not suffices(held.series.since(start).time, market, timeframe, now_ms, self._rules):
            longer = sparse_start(timeframe, now_ms, self._rules)
            if held.since_ms > longer:
                held = await self._whole(market, timeframe, longer, now_ms)
        self._held[key] = held
        return held

    async def _whole(self, market: Market, timeframe: Timeframe, start_ms: int, now_ms: int) -> Held:
        """The history from a time on."""
        return Held(await self._bars(market, timeframe, start_ms, now_ms), start_ms, now_ms)

    async def _continued(self, held: Held, market: Market, timeframe: Timeframe, now_ms: int) -> Held:
        """What is held and the bars since; when none has closed since, the last one is looked at again."""
        old, oldest = held.series, sparse_start(timeframe, now_ms, self._rules)
        last = int(old.time[-1]) if len(old) else held.since_ms
        due = timeframe.last_close(now_ms) - timeframe.ms
        start = min(last + timeframe.ms, due) if len(old) else held.since_ms
        new = await self._bars(market, timeframe, start, now_ms)
        kept = old[: int(np.searchsorted(old.time, new.time[0], side="left"))] if len(new) else old
        return Held(joined(kept, new).since(oldest), max(held.since_ms, oldest), now_ms)

    async def _bars(self, market: Market, timeframe: Timeframe, start_ms: int, now_ms: int) -> CandleSeries:
        """One request: the bars that open at or after ``start_ms`` and have closed by ``now_ms``."""
        end_ms = timeframe.last_close(now_ms) - timeframe.ms
        rows = await self._fetch(market.coin, timeframe.value, start_ms, end_ms)
        series = CandleSeries(
            market.symbol, timeframe, rows.time, rows.open, rows.high, rows.low, rows.close, rows.volume
        )
        return series.closed_by(now_ms).since(start_ms)

    def _shown(self, held: Held, market: Market, timeframe: Timeframe, now_ms: int) -> CandleSeries:
        """The part of what is held that anyone who asks at this time gets, restarted or not."""
        closed = held.series.closed_by(now_ms)
        short = closed.since(history_start(timeframe, now_ms, self._rules))
        if suffices(short.time, market, timeframe, now_ms, self._rules):
            return short
        return closed.since(sparse_start(timeframe, now_ms, self._rules))


def joined(first: CandleSeries, second: CandleSeries) -> CandleSeries:
    """Two stretches of one series, one after the other."""
    return CandleSeries(
        second.symbol,
        second.timeframe,
        np.concatenate((first.time, second.time)),
        np.concatenate((first.open, second.open)),
        np.concatenate((first.high, second.high)),
        np.concatenate((first.low, second.low)),
        np.concatenate((first.close, second.close)),
        np.concatenate((first.volume, second.volume)),
    )
