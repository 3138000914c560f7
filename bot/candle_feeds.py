"""Where candles come from: Binance first and its stream on a real venue, the venue alone on a simulated one.

A simulated venue's prices are its own, so Binance means nothing there unless .env points to one of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.clock import wall_ms
from bot.environment import Environment
from bot.feeds.bars import ClosedBar
from bot.feeds.binance.klines import BinanceCandles, Marks
from bot.feeds.binance.rest import BinanceRest
from bot.feeds.candle_streams import binance_bars, venue_bars
from bot.feeds.candles import CachedCandles
from bot.feeds.liquidations.sources import BINANCE_STREAM
from bot.feeds.socket import SocketFeed
from bot.feeds.venue import Fetch
from core.market.ports import Clock
from core.market.symbols import Market
from core.settings import Settings
from core.trading.ports import Quote

BINANCE_API = "https://fapi.binance.com"
MARKS_MS = 60_000
"""How long marks are good enough to tell one market from another."""


@dataclass(frozen=True, slots=True)
class CandleFeeds:
    """The candles, the streams that keep them up, and what must be closed in the end."""

    candles: CachedCandles
    streams: tuple[SocketFeed[ClosedBar], ...] = ()
    rest: BinanceRest | None = None

    async def close(self) -> None:
        """End what is under way and close every connection; streams are their supervisors'."""
        await self.candles.close()
        if self.rest is not None:
            await self.rest.close()


def candle_feeds(
    markets: Sequence[Market],
    environment: Environment,
    venue: tuple[Fetch, Callable[[], Awaitable[Mapping[str, Quote]]]],
    venue_url: str | None,
    settings: Settings,
    clock: Clock,
    jitter: Callable[[], float],
) -> CandleFeeds:
    """The feeds. ``venue`` is its way to ask for candles and for quotes; ``venue_url`` that of a real one, else None."""
    fetch, quotes = venue
    if venue_url is None and environment.binance_api_base is None:
        return CandleFeeds(CachedCandles(fetch, settings.candles))
    rest = BinanceRest(environment.binance_api_base or BINANCE_API, settings.binance, clock, wall_ms)
    binance = BinanceCandles(rest, settings.binance, remembered_marks(quotes, clock))
    candles = CachedCandles(fetch, settings.candles, [binance])
    rules = settings.candle_streams
    wires = [binance_bars(markets, environment.binance_stream_base or BINANCE_STREAM, rules)]
    others = [m for m in markets if m.binance_symbol is None or m.binance_is_proxy]
    if venue_url is not None and others:
        wires.append(venue_bars(others, "ws" + venue_url.removeprefix("http"), rules))
    return CandleFeeds(candles, tuple(SocketFeed(wire, rules, clock, jitter) for wire in wires), rest)


def remembered_marks(quotes: Callable[[], Awaitable[Mapping[str, Quote]]], clock: Clock) -> Marks:
    """Mark prices by coin; whoever asks within a minute of another gets the same answer."""
    asking, known, asked_ms = asyncio.Lock(), dict[str, float](), -MARKS_MS

    async def marks() -> Mapping[str, float]:
        nonlocal known, asked_ms
        async with asking:
            if clock.now_ms() >= asked_ms + MARKS_MS:
                known = {coin: float(quote.mark) for coin, quote in (await quotes()).items()}
                asked_ms = clock.now_ms()
        return known

    return marks
