"""Which feeds of liquidations run: all of them on a real exchange, on a simulated one those that .env points somewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.environment import Environment
from bot.feeds.liquidations import sources
from bot.feeds.liquidations.okx import OKX_API, OkxFeed
from bot.feeds.liquidations.socket import SocketFeed, Wire
from bot.feeds.liquidations.sources import BINANCE_STREAM, BYBIT_STREAM, OKX_STREAM
from core.market.liquidations import LiquidationSource
from core.market.ports import Clock
from core.market.symbols import Market
from core.settings import LiquidationFeeds


def liquidation_feeds(
    markets: Sequence[Market],
    environment: Environment,
    venue_url: str | None,
    rules: LiquidationFeeds,
    clock: Clock,
    jitter: Callable[[], float],
) -> list[LiquidationSource]:
    """The feeds. ``venue_url`` is a real exchange's, None for a simulated one, on which others' markets mean nothing."""
    real = venue_url is not None
    wires: list[Wire] = []
    if real:
        stream = "ws" + (venue_url or "").removeprefix("http")
        wires += [sources.backstop_wire(markets, stream, rules), sources.makers_wire(markets, stream, rules)]
    if real or environment.binance_stream_base:
        wires.append(sources.binance_wire(markets, environment.binance_stream_base or BINANCE_STREAM, rules))
    if real or environment.bybit_stream_base:
        wires.append(sources.bybit_wire(markets, environment.bybit_stream_base or BYBIT_STREAM, rules))
    found: list[LiquidationSource] = [SocketFeed(wire, rules, clock, jitter) for wire in wires]
    if real or environment.okx_stream_base:
        bases = (environment.okx_stream_base or OKX_STREAM, environment.okx_api_base or OKX_API)
        found.append(OkxFeed(markets, bases, rules, clock, jitter))
    return found
